import {
  methods,
  type ClientContext,
  type NewSessionResponse,
  type SessionConfigOption,
} from "@agentclientprotocol/sdk";

/** Sets the session's model where the agent offers this one to choose. */
export async function chooseModel(
  agent: ClientContext,
  { sessionId, configOptions }: NewSessionResponse,
  model: string,
): Promise<void> {
  const option = configOptions?.find((each) => each.category === "model" && offers(each, model));
  if (option === undefined) return;
  await agent.request(methods.agent.session.setConfigOption, {
    sessionId,
    configId: option.id,
    value: model,
  });
}

function offers(option: SessionConfigOption, value: string): boolean {
  if (option.type !== "select" || option.currentValue === value) return false;
  return option.options.some((each) =>
    "options" in each ? each.options.some((inner) => inner.value === value) : each.value === value,
  );
}
