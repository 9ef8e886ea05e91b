import { exercise } from './exercise.mjs';

export default {
  async fetch(request) {
    return new Response(await exercise(new URL(request.url).searchParams.get('api')));
  },
};
