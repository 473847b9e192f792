import { useSearchParams } from 'wouter';
import { choiceFrom } from './point-rows.ts';

/** Search, filter, order and page in the address: a reload, a bookmark and a colleague see the same. */
export function useChoice() {
  const [params, setParams] = useSearchParams();
  const put = (name: string, value: string) =>
    setParams(
      (before) => {
        if (name !== 'page') before.delete('page');
        if (value === '') before.delete(name);
        else before.set(name, value);
        return before;
      },
      { replace: true },
    );
  return { ...choiceFrom(params), put };
}

export type Choice = ReturnType<typeof useChoice>;
