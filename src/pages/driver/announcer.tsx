import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { driverMessages } from './more/driver-messages.ts';
import { useMessageText } from './more/use-message-text.ts';
import { useMe, useTickets } from './use-driver.ts';

/**
 * Tells the steps of one's own charge to who does not see them, whatever screen is open (ux 2.8): politely, but at once
 * when the charge is interrupted. What had happened before this page was opened is on the screen, not news.
 */
export function Announcer() {
  const me = useMe();
  const tickets = useTickets();
  const textOf = useMessageText();
  const newest = me ? driverMessages(me, tickets)[0] : undefined;
  const isKnown = me !== undefined;
  const oldKey = useRef<string>(undefined);
  useEffect(() => {
    if (isKnown) oldKey.current ??= newest?.key ?? '';
  }, [isKnown, newest?.key]);
  const isNews = newest !== undefined && oldKey.current !== undefined && newest.key !== oldKey.current;
  const words = isNews ? textOf(newest) : '';
  const isUrgent = newest?.kind === 'INTERRUPTED';
  const [path] = useLocation();
  // There the screen itself is the alert.
  const isTold = path.startsWith('/recarga');
  return (
    <>
      <div role="status" className="visually-hidden" data-testid="announcer">
        {isUrgent ? '' : words}
      </div>
      <div role="alert" className="visually-hidden" data-testid="announcer-urgent">
        {isUrgent && !isTold ? words : ''}
      </div>
    </>
  );
}
