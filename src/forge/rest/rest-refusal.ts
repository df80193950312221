export interface FieldError {
  resource: string;
  field?: string;
  code: "missing" | "missing_field" | "invalid" | "already_exists" | "unprocessable" | "custom";
  message?: string;
  value?: unknown;
}

/**
 * An answer of GitHub's that is not a success, thrown from anywhere below a route and rendered in one place.
 * GitHub's clients match on the status and on `message`, so both follow GitHub's wording.
 */
export class RestRefusal extends Error {
  readonly status: number;
  readonly errors: readonly (FieldError | string)[] | undefined;

  constructor(status: number, message: string, errors?: readonly (FieldError | string)[]) {
    super(message);
    this.name = "RestRefusal";
    this.status = status;
    this.errors = errors;
  }
}

export function notFound(): RestRefusal {
  return new RestRefusal(404, "Not Found");
}

/** @param errors which fields failed and why; GitHub always lists them under this message. */
export function validationFailed(errors: readonly (FieldError | string)[]): RestRefusal {
  return new RestRefusal(422, "Validation Failed", errors);
}

/** The body has the wrong shape, before any rule of the resource is looked at. */
export function invalidRequest(problem: string): RestRefusal {
  return new RestRefusal(422, `Invalid request.\n\n${problem}`);
}

/** What GitHub has and the forge has not. Loud, so that nobody mistakes it for GitHub's own answer. */
export function unsupported(what: string): RestRefusal {
  return new RestRefusal(501, `The forge does not support ${what}.`);
}
