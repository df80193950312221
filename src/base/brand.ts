declare const brand: unique symbol;

/** A primitive that only its own constructor makes, so that one id is never passed for another. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
