// Workloads that fit any Mac. Each is a function of the machine's facts; `detail` replaces what it says.
export { battery } from './battery';
export { buildFarm } from './build-farm';
export { compile } from './compile';
export { crowded } from './crowded';
export { gpuRecovery } from './gpu-recovery';
export { idle } from './idle';
export { llm } from './llm';
export { llmBrowser } from './llm-browser';
export { runsOut } from './runs-out';
export { sleepWake } from './sleep-wake';
export { throttled } from './throttled';
export { video } from './video';
