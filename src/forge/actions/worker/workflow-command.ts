/** A line such as `::error file=a.js,line=3::message`, by which a step speaks to its runner. */
export interface WorkflowCommand {
  name: string;
  properties: Record<string, string>;
  message: string;
}

const commandPattern = /^\s*::([^\s:]+)((?: [^\n]*?)?)::([\s\S]*)$/;

export function parseWorkflowCommand(line: string): WorkflowCommand | null {
  const match = commandPattern.exec(line);
  if (match === null) return null;
  const [, name = "", properties = "", message = ""] = match;
  return {
    name: name.toLowerCase(),
    properties: parseProperties(properties),
    message: unescapeData(message),
  };
}

function parseProperties(text: string): Record<string, string> {
  const pairs = text
    .trim()
    .split(",")
    .filter((pair) => pair.includes("="));
  return Object.fromEntries(
    pairs.map((pair) => {
      const equals = pair.indexOf("=");
      return [pair.slice(0, equals).trim(), unescapeProperty(pair.slice(equals + 1))];
    }),
  );
}

/** The reverse of what @actions/core writes; `%25` comes last, so that an escaped percent sign stays one. */
function unescapeData(text: string): string {
  return text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
}

function unescapeProperty(text: string): string {
  return unescapeData(text.replaceAll("%3A", ":").replaceAll("%2C", ","));
}
