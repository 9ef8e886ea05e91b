/** Printed when the stack accepts traffic: the address, the token and commands to paste. */
export function nextSteps(url: string, adminToken: string): string {
  return `
Hook0 is ready: ${url}
admin token: ${adminToken}

In a second terminal, create an endpoint for your receiver, post an event to it, and see what became of it:

  export HOOK0_URL=${url} HOOK0_TOKEN=${adminToken}

  npm run hook0 -s -- endpoints create http://127.0.0.1:8080/webhooks --events 'order.*'
  npm run hook0 -s -- send order.created '{"id":"ORD-1","amount":299.99}'
  npm run hook0 -s -- events list

API reference, where you can try each request: ${url}/docs

Each event and delivery is one line below. Press Ctrl-C to stop.
`;
}
