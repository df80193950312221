import type { Delivery } from "../../hub/entity/delivery.ts";

/** One line of the list of deliveries. */
export function presentDeliverySummary(delivery: Delivery) {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.deliveredAt ?? delivery.createdAt,
    redelivery: delivery.redelivery,
    duration: delivery.duration,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  };
}

/** One delivery with what was sent and what came back. */
export function presentDelivery(delivery: Delivery) {
  return {
    ...presentDeliverySummary(delivery),
    url: delivery.url,
    request: {
      headers: delivery.requestHeaders,
      payload: JSON.parse(delivery.body) as Record<string, unknown>,
    },
    response: {
      headers: delivery.responseHeaders,
      payload: delivery.responseBody,
    },
  };
}
