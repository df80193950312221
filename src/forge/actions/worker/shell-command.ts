export interface ShellCommand {
  command: string;
  args: string[];
  /** Of the file that holds the script. */
  extension: string;
}

const templates: Readonly<Record<string, { template: string; extension: string }>> = {
  bash: { template: "bash --noprofile --norc -e -o pipefail {0}", extension: ".sh" },
  sh: { template: "sh -e {0}", extension: ".sh" },
  python: { template: "python {0}", extension: ".py" },
  pwsh: { template: "pwsh -command . '{0}'", extension: ".ps1" },
};

/** Where a step names no shell, GitHub runs bash without pipefail. */
const unspecified = { template: "bash -e {0}", extension: ".sh" };

/**
 * How a script is run under `shell:`, a known name or a command line with `{0}` for the script's file.
 * @returns null for a shell that is neither
 */
export function shellCommand(
  shell: string | null,
  scriptFile: (extension: string) => string,
): ShellCommand | null {
  const known = shell === null ? unspecified : templates[shell];
  const template = known?.template ?? shell ?? "";
  if (!template.includes("{0}")) return null;
  const extension = known?.extension ?? "";
  const file = scriptFile(extension);
  const [command = "", ...args] = splitCommandLine(template).map((word) => word.replaceAll("{0}", file));
  return { command, args, extension };
}

/** The command line as the log shows it. */
export function describeShell(shell: string | null): string {
  if (shell === null) return unspecified.template;
  return templates[shell]?.template ?? shell;
}

function splitCommandLine(text: string): string[] {
  const words = text.match(/"[^"]*"|\S+/g) ?? [];
  return words.map((word) => word.replace(/^"(.*)"$/, "$1"));
}
