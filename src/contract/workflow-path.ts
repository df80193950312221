/** The workflow that `baton init` writes, and the only one whose runs may hold a lease. */
export const WORKFLOW_PATH = ".github/workflows/baton.yml";
