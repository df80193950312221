/** What a recording work was given, as it tells. */
export type WorkRecord =
  { readonly kind: "take"; readonly id: string; readonly text: string } | { readonly kind: "look" | "stop" };
