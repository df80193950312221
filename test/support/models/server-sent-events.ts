/** Each event as a stream sends it, its type in the line before its data. */
export function serverSentEvents(events: readonly { readonly type: string }[]): readonly string[] {
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}
