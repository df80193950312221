/** Who Baton is on GitHub: what tells its own comments, checks and events from those of others. */
export type AppIdentity = {
  readonly id: number;
  readonly slug: string;
  /** Login of the App's bot user, `<slug>[bot]`: no person can register one with brackets. */
  readonly login: string;
};
