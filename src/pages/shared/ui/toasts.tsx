import { CircleCheck, Info, TriangleAlert, X } from 'lucide-react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { useTexts } from '../i18n.ts';
import styles from './toasts.module.css';

export type Toast = { id: number; level: 'good' | 'info' | 'error'; text: string };

const MAX_SHOWN = 3;
const SHOWN_MS = 6_000;
const toasts = createStore<{ shown: readonly Toast[] }>(() => ({ shown: [] }));
let nextId = 1;

function dropToast(id: number): void {
  toasts.setState(({ shown }) => ({ shown: shown.filter((toast) => toast.id !== id) }));
}

/** Whoever leaves takes what was said to them along. */
export function forgetToasts(): void {
  toasts.setState({ shown: [] });
}

/** Says the result of something the reader did; errors stay until closed. */
export function say(level: Toast['level'], text: string): void {
  const toast = { id: nextId, level, text };
  nextId += 1;
  toasts.setState(({ shown }) => ({
    shown: [...shown.filter((other) => other.text !== text), toast].slice(-MAX_SHOWN),
  }));
  if (level !== 'error') setTimeout(() => dropToast(toast.id), SHOWN_MS);
}

const ICONS = { good: CircleCheck, info: Info, error: TriangleAlert };

export function Toasts() {
  const { t } = useTexts();
  const shown = useStore(toasts, (state) => state.shown);
  return (
    <div role="status" className={`${styles.toasts} no-print`} data-testid="toasts">
      {shown.map((toast) => {
        const Icon = ICONS[toast.level];
        return (
          <div key={toast.id} className={styles.toast} data-level={toast.level}>
            <Icon size={20} aria-hidden="true" />
            <span>{toast.text}</span>
            <button type="button" aria-label={t('common.close')} onClick={() => dropToast(toast.id)}>
              <X size={16} aria-hidden="true" />
            </button>
          </div>
        );
      })}
    </div>
  );
}
