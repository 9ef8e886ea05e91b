import process from 'node:process';
import { exercise } from './exercise.mjs';

process.stdout.write(await exercise(process.argv[2]));
