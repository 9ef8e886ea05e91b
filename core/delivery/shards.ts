// A partition takes 1,000 writes a second, and an endpoint may need more. Frozen, because stored keys contain the shard.
export const deliveryShards = 4;
