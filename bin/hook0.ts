import { createApp } from '#lib/hook0-app.ts';

createApp().app.synth();
