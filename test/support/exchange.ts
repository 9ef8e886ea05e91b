import { gunzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { HttpResponse } from '#adapters/http-api/response.ts';
import type { Exchange } from './openapi.ts';

/** What went through API Gateway, as text. */
export function exchangeOf(
  { rawPath, requestContext, body: given, isBase64Encoded: isGivenBase64 }: APIGatewayProxyEventV2,
  { statusCode, headers, body, isBase64Encoded = false }: HttpResponse,
): Exchange {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  return {
    method: requestContext.http.method.toUpperCase(),
    path: rawPath,
    requestBody: Buffer.from(given ?? '', isGivenBase64 ? 'base64' : 'utf8').toString(),
    status: statusCode,
    headers,
    body: (headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString(),
  };
}
