import type { MonitorView } from '../../messages/live-stream.ts';
import { useFormats } from '../shared/i18n.ts';
import { useEntity, useUpstream } from '../shared/live/live-store.ts';
import { MONITOR } from './actions.ts';

/** Temperature where the point stands, in words; only the Monitor hears it of Central, so nobody knows it while that is away. */
export function useTemperature(): string | undefined {
  const formats = useFormats();
  const celsius = useEntity<MonitorView>(MONITOR, 'monitor', 'monitor')?.weather?.celsius;
  const isKnown = useUpstream(MONITOR)?.isMonitorReachable !== false;
  return celsius === undefined || !isKnown ? undefined : formats.degrees(celsius);
}
