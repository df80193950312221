/**
 * The floors of ARCHITECTURE.md as rules: imports go down only, and each rule says why and what to do instead.
 * `test/boundaries.test.ts` breaks every rule once, so that none of them is a rule in name only.
 */

/** A floor may import only what is named here, beside its own folder and (unless said otherwise) npm packages. */
function floor(name, allowed, why) {
  return {
    name: `floor-${name}`,
    severity: "error",
    comment: why,
    from: { path: `^src/${name}/`, pathNot: "\\.test\\.ts$" },
    to: { path: "^src/", pathNot: [name, ...allowed].map((each) => `^src/${each}/`) },
  };
}

/** npm packages that decide nothing by themselves and touch neither clock, network nor disk. */
const PURE_PACKAGES = [
  "@noble/hashes",
  "canonicalize",
  "mdast-util-from-markdown",
  "mdast-util-gfm",
  "micromark-extension-gfm",
  "@types/mdast",
];

/** Where data comes in from outside, and has to be checked. */
const EDGES = ["contract", "adapters", "runner", "surfaces", "main"];

module.exports = {
  forbidden: [
    floor("base", [], "base is below everything. Move what needs more to the floor that has it."),
    floor(
      "core",
      ["base"],
      "core decides from what it is given. Gather it as a fact in app, and pass it in.",
    ),
    floor(
      "contract",
      ["base", "core"],
      "contract says what crosses the wire. Behaviour belongs to app or the runner.",
    ),
    floor(
      "ports",
      ["base", "core"],
      "A port is shaped by its consumer, never by an adapter or a wire format.",
    ),
    floor(
      "app",
      ["base", "core", "contract", "ports"],
      "A use case reaches the outside through a port. Declare one.",
    ),
    floor(
      "adapters",
      ["base", "core", "contract", "ports"],
      "An adapter implements a port and knows no use case. Pass what it must call in main.",
    ),
    floor(
      "runner",
      ["base", "contract"],
      "The runner is another program: it knows the server by its contract alone.",
    ),
    floor(
      "forge",
      ["base"],
      "The forge stands in for a program that others wrote, and knows nothing of Baton.",
    ),
    floor(
      "surfaces",
      ["base", "core", "contract", "ports", "app"],
      "A surface calls use cases. What it needs of an adapter is passed in by main.",
    ),
    {
      name: "adapters-apart",
      severity: "error",
      comment:
        "One adapter never knows another: either may be replaced alone. What both need is a port or base.",
      from: { path: "^src/adapters/([^/]+)/" },
      to: { path: "^src/adapters/", pathNot: "^src/adapters/$1/" },
    },
    {
      name: "main-on-top",
      severity: "error",
      comment: "main only composes: nothing imports it. Move what is wanted to the floor that it belongs to.",
      from: { path: "^(src|scripts)/", pathNot: "^src/main/" },
      to: { path: "^src/main/" },
    },
    {
      name: "core-packages",
      severity: "error",
      comment:
        "core takes only packages that touch no clock, network or disk. Vet it and name it in PURE_PACKAGES.",
      from: { path: "^src/core/", pathNot: "\\.test\\.ts$" },
      to: {
        dependencyTypes: ["npm", "npm-dev", "npm-optional", "npm-peer", "npm-no-pkg", "npm-unknown"],
        pathNot: `node_modules/(${PURE_PACKAGES.join("|")})/`,
      },
    },
    {
      name: "core-without-node",
      severity: "error",
      comment: "core uses nothing of Node: what it would read there is a fact, and comes with the command.",
      from: { path: "^src/(base|core)/", pathNot: "\\.test\\.ts$" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "zod-at-the-edges",
      severity: "error",
      comment:
        "Data is checked once, where it comes in. Inside, types are enough: parse in contract or at the edge.",
      from: { path: "^src/", pathNot: `^src/(${EDGES.join("|")})/` },
      to: { path: "node_modules/zod/" },
    },
    {
      name: "no-cycles",
      severity: "error",
      comment:
        "Files that need each other are one thing, or a third one is hidden in them. Type-only cycles are fine, and so are the nodes of the forge's GraphQL schema, whose types refer to each other.",
      from: { path: "^src/", pathNot: "^src/forge/graphql/" },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "tests-stay-out",
      severity: "error",
      comment: "What ships imports no test and no test support.",
      from: { path: "^src/", pathNot: "\\.test\\.ts$" },
      to: { path: ["^test/", "\\.test\\.ts$"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
