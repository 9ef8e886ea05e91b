// A partition takes 1,000 writes a second: enough shards that no endpoint meets that. Frozen: data of running
// deployments lies in them.
export const deliveryShards = 4;
