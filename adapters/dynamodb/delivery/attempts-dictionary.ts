/**
 * What attempts mostly consist of, for the compressor: a history of one attempt then takes a third less.
 *
 * Frozen: what was compressed with it can be read only with exactly these characters. A better one needs an
 * attribute of its own. What is most frequent stands last, where a reference to it is shortest.
 */
export const attemptsDictionary = Buffer.from(
  [
    '"errorClass":"forbidden_target","errorClass":"protocol","errorClass":"dns","errorClass":"tls","error":"',
    '"errorClass":"reset","errorClass":"connect","errorClass":"timeout","error":"',
    '<!DOCTYPE html>\\n<html><head><title>502 Bad Gateway</title></head><body><center><h1>',
    '</h1></center><hr><center>nginx</center></body></html>',
    '{\\"message\\":\\"Internal Server Error\\"}{\\"error\\":\\"{\\"success\\":true}{\\"received\\":true}{\\"status\\":\\"ok\\"}',
    'x-powered-by":"Express","via":"1.1 ","x-cache":"Miss from cloudfront","x-amz-cf-pop":"","x-amz-cf-id":"',
    'x-amzn-requestid":"","x-amz-apigw-id":"","x-amzn-trace-id":"Root=1-","apigw-requestid":"',
    'cf-ray":"","cf-cache-status":"DYNAMIC","nel":"{\\"report-to\\":\\"","alt-svc":"h3=\\":443\\"; ma=86400","report-to":"',
    'x-xss-protection":"0","x-runtime":"0.0","x-vercel-id":"","x-envoy-upstream-service-time":"',
    'access-control-allow-credentials":"true","access-control-allow-headers":"","access-control-allow-origin":"*","',
    'referrer-policy":"strict-origin-when-cross-origin","content-security-policy":"default-src \'self\'","',
    'x-frame-options":"SAMEORIGIN","x-content-type-options":"nosniff","',
    'strict-transport-security":"max-age=31536000; includeSubDomains; preload","',
    'x-ratelimit-limit":"","x-ratelimit-remaining":"","x-ratelimit-reset":"","retry-after":"","set-cookie":"',
    'expires":"0","pragma":"no-cache","cache-control":"no-cache, no-store, must-revalidate, private, max-age=0","',
    'last-modified":"","etag":"W/\\"","content-encoding":"gzip","x-request-id":"","',
    'vary":"Accept-Encoding, Origin","transfer-encoding":"chunked","keep-alive":"timeout=5","connection":"close","connection":"keep-alive","',
    'server":"cloudflare","server":"nginx","date":"Mon, Tue, Wed, Thu, Fri, Sat, Sun, Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec 202 GMT","',
    'content-type":"text/plain","content-type":"text/html; charset=utf-8","content-type":"application/json; charset=utf-8","content-length":"',
    '"success":false,"retryable":false},"success":false,"retryable":true,"nextAttemptAt":17',
    ',"statusCode":404,"statusCode":429,"statusCode":503,"statusCode":502,"statusCode":500,"responseBody":"","responseBody":"OK"}',
    '[{"number":1,"generation":1,"startedAt":17,"duration":1,"success":true,"retryable":false,"statusCode":200,"responseHeaders":{"',
  ].join(''),
);
