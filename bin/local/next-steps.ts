/** Printed when the stack accepts traffic: the address, the token and two commands to paste. */
export function nextSteps(url: string, adminToken: string): string {
  return `
Hook0 is ready: ${url}
admin token: ${adminToken}

Create an endpoint for your receiver, then post an event to it:

  curl -s ${url}/api/endpoints \\
    -H 'Authorization: Bearer ${adminToken}' -H 'Content-Type: application/json' \\
    -d '{"name":"My endpoint","url":"http://127.0.0.1:8080/webhooks","events":["order.*"]}'

  curl -s ${url}/api/events \\
    -H 'Authorization: Bearer ${adminToken}' -H 'Content-Type: application/json' \\
    -d '{"type":"order.created","payload":{"id":"ORD-1","amount":299.99}}'

API reference, where you can try each request: ${url}/docs

Press Ctrl-C to stop it.
`;
}
