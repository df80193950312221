/** Of the bodies that are read at once: one of GitHub's largest still comes alone. */
export const MAX_BYTES_AT_ONCE = 32 * 1024 * 1024;

/** SQL for deliveries in an order: the first, and more while the bodies before them come to less than `$3` bytes. */
export function bodiesAtOnce(deliveries: string, order: string): string {
  const bytes = "coalesce(unpacked_bytes, octet_length(body))";
  return `
SELECT id, event, body, unpacked_bytes, received_at FROM (
  SELECT *, sum(${bytes}) OVER (ORDER BY ${order}) - ${bytes} AS bytes_before FROM (${deliveries}) AS oldest
) AS sized
WHERE bytes_before < $3
ORDER BY ${order}`;
}
