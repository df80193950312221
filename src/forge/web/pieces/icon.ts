import { html, trustedHtml, type Html } from "../html.ts";

/** Outlines on a 16 × 16 grid, drawn with a stroke of 1.5 in the colour of the text around them. */
const outlines = {
  "issue-open": `<circle cx="8" cy="8" r="6.25"/><circle cx="8" cy="8" r="1.5" fill="currentColor" stroke="none"/>`,
  "issue-closed": `<circle cx="8" cy="8" r="6.25"/><path d="m5.25 8.25 1.9 1.9 3.6-4.05"/>`,
  pull: `<circle cx="4" cy="3.5" r="1.75"/><circle cx="4" cy="12.5" r="1.75"/><circle cx="12" cy="12.5" r="1.75"/><path d="M4 5.25v5.5M12 10.75V6.5a2 2 0 0 0-2-2H7.5M9.25 2.5l-2 2 2 2"/>`,
  "pull-draft": `<circle cx="4" cy="3.5" r="1.75"/><circle cx="4" cy="12.5" r="1.75"/><circle cx="12" cy="12.5" r="1.75"/><path d="M4 5.25v5.5M12 3v.01M12 6v.01M12 9v.01"/>`,
  "pull-closed": `<circle cx="4" cy="3.5" r="1.75"/><circle cx="4" cy="12.5" r="1.75"/><circle cx="12" cy="12.5" r="1.75"/><path d="M4 5.25v5.5M12 10.75v-3M10.25 2l3.5 3.5M13.75 2l-3.5 3.5"/>`,
  merge: `<circle cx="4" cy="3.5" r="1.75"/><circle cx="4" cy="12.5" r="1.75"/><circle cx="12" cy="8.5" r="1.75"/><path d="M4 5.25v5.5M4.2 5.3C5 7.7 7 8.5 10.25 8.5"/>`,
  check: `<path d="m3 8.5 3.2 3.2L13 4.6"/>`,
  "check-circle": `<circle cx="8" cy="8" r="6.25"/><path d="m5.25 8.25 1.9 1.9 3.6-4.05"/>`,
  cross: `<path d="m4 4 8 8M12 4l-8 8"/>`,
  "cross-circle": `<circle cx="8" cy="8" r="6.25"/><path d="m5.9 5.9 4.2 4.2M10.1 5.9l-4.2 4.2"/>`,
  clock: `<circle cx="8" cy="8" r="6.25"/><path d="M8 4.5V8l2.25 1.5"/>`,
  skip: `<circle cx="8" cy="8" r="6.25"/><path d="m5.5 10.5 5-5"/>`,
  neutral: `<circle cx="8" cy="8" r="6.25"/><path d="M5.5 8h5"/>`,
  stop: `<circle cx="8" cy="8" r="6.25"/><rect x="5.75" y="5.75" width="4.5" height="4.5" rx=".75"/>`,
  spinner: `<path d="M8 1.75A6.25 6.25 0 1 1 1.75 8"/>`,
  warning: `<path d="M8 2.25 14.25 13.25H1.75zM8 6.5v3M8 11.4v.01"/>`,
  info: `<circle cx="8" cy="8" r="6.25"/><path d="M8 7.5v3.75M8 4.9v.01"/>`,
  code: `<path d="M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5"/>`,
  play: `<path d="M5 3.25v9.5L12.75 8z"/>`,
  settings: `<path d="M2 4.5h6M12 4.5h2M2 11.5h2M8 11.5h6"/><circle cx="10" cy="4.5" r="1.75"/><circle cx="6" cy="11.5" r="1.75"/>`,
  tag: `<path d="M2.25 2.25h5.1l6.4 6.4-5.1 5.1-6.4-6.4zM5.25 5.25v.01"/>`,
  comment: `<path d="M2 3h12v8.25H8L4.75 14v-2.75H2z"/>`,
  file: `<path d="M3.75 1.75H9L12.25 5v9.25h-8.5zM9 1.75V5h3.25"/>`,
  folder: `<path d="M1.75 3.25h4.5l1.5 1.75h6.5v8.25H1.75z"/>`,
  branch: `<circle cx="4" cy="3.5" r="1.75"/><circle cx="4" cy="12.5" r="1.75"/><circle cx="12" cy="4.5" r="1.75"/><path d="M4 5.25v5.5M12 6.25C12 9.5 4.5 7.5 4.1 10.7"/>`,
  commit: `<circle cx="8" cy="8" r="2.75"/><path d="M1.25 8h4M10.75 8h4"/>`,
  repository: `<path d="M13 11.25V2.25H4.5A1.5 1.5 0 0 0 3 3.75v8.75M13 11.25H4.25a1.25 1.25 0 0 0 0 2.5H13zM6 5.25h4"/>`,
  person: `<circle cx="8" cy="5" r="2.75"/><path d="M2.75 14c.4-2.9 2.4-4.25 5.25-4.25S12.85 11.1 13.25 14"/>`,
  link: `<path d="M6.75 9.25 9.25 6.75M7.5 4.5l1.6-1.6a2.83 2.83 0 0 1 4 4L11.5 8.5M8.5 11.5l-1.6 1.6a2.83 2.83 0 0 1-4-4L4.5 7.5"/>`,
  eye: `<path d="M1.5 8S4 3.75 8 3.75 14.5 8 14.5 8 12 12.25 8 12.25 1.5 8 1.5 8z"/><circle cx="8" cy="8" r="1.75"/>`,
  rerun: `<path d="M13.25 8A5.25 5.25 0 1 1 11.6 4.2M13.25 1.75V5H10"/>`,
  download: `<path d="M8 2v8M4.75 7.25 8 10.5l3.25-3.25M2.5 13.5h11"/>`,
  plus: `<path d="M8 3v10M3 8h10"/>`,
  chevron: `<path d="m6 3.5 4.5 4.5L6 12.5"/>`,
  reference: `<path d="M2 8h10.5M8.5 4l4 4-4 4"/>`,
  trash: `<path d="M2.75 4.25h10.5M6 4.25v-2h4v2M4 4.25l.6 9.5h6.8l.6-9.5"/>`,
  pencil: `<path d="m10.75 2.75 2.5 2.5-8 8-3.25.75.75-3.25z"/>`,
  shield: `<path d="M8 1.75 13.25 3.5v4.25c0 3.25-2.25 5.4-5.25 6.5-3-1.1-5.25-3.25-5.25-6.5V3.5z"/>`,
  bolt: `<path d="M9 1.5 3 9h4.5L7 14.5 13 7H8.5z"/>`,
  smile: `<circle cx="8" cy="8" r="6.25"/><path d="M5.4 9.6c1.2 1.7 4 1.7 5.2 0M6 6.2v.01M10 6.2v.01"/>`,
  search: `<circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 3.5 3.5"/>`,
  anvil: `<path d="M5.25 3.25h9c0 2.5-2 3.75-4.25 4V9.5l2 3.25H5.5l2-3.25V7.25c-3 0-5.25-1-6-3h3.75z"/>`,
} as const;

export type IconName = keyof typeof outlines;

/** A decorative icon, hidden from assistive technology: the text beside it must say the same. */
export function icon(name: IconName): Html {
  return html`<svg class="icon icon-${name}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    ${trustedHtml(outlines[name])}
  </svg>`;
}
