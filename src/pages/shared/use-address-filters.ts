import { useCallback } from 'react';
import { useSearchParams } from 'wouter';

/** Filters in the address: a reload, a bookmark and a colleague see the same. An empty value leaves the address. */
export function useAddressFilters(): {
  params: URLSearchParams;
  put(name: string, value: string): void;
  clear(): void;
} {
  const [params, setParams] = useSearchParams();
  const put = useCallback(
    (name: string, value: string) =>
      setParams(
        (before) => {
          if (value === '') before.delete(name);
          else before.set(name, value);
          return before;
        },
        { replace: true },
      ),
    [setParams],
  );
  const clear = () => setParams(new URLSearchParams(), { replace: true });
  return { params, put, clear };
}
