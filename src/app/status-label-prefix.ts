/** Labels that start with this display a task's status: Baton replaces only these, and they authorise nothing. */
export const STATUS_LABEL_PREFIX = "baton:";
