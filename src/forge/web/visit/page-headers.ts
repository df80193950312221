/**
 * Pages run the forge's own script and load the forge's own style and pictures, nothing else: should a text ever
 * get past the escaping, the browser still refuses to run it. Style attributes carry the colours of labels.
 */
export const pageHeaders: Readonly<Record<string, string>> = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "style-src-attr 'unsafe-inline'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  // The origin check of forms needs the header that "no-referrer" would turn into "null".
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "private, no-cache",
  vary: "Cookie",
};
