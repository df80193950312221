/** What a Redis keeps of what it holds, as it was found. */
export type RedisInspection =
  | { readonly kind: "unreachable"; readonly why: string }
  | {
      readonly kind: "reached";
      readonly version: string;
      /** Whether every write is logged: https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/ */
      readonly appendOnly: boolean;
      /** What it does when it is full; anything but `noeviction` throws away what waits. */
      readonly evictionPolicy: string;
    };
