import { type FormEvent, useState } from 'react';
import type { PlaceName } from '../../../messages/weather-api.ts';
import type { ApiAnswer } from '../api.ts';
import { useTexts } from '../i18n.ts';
import { ActionButton } from '../ui/action-button.tsx';
import { errorText } from '../ui/answer-text.ts';
import { Dialog, DialogFoot } from '../ui/dialog.tsx';
import { Field, FormError, SubmitButton } from '../ui/field.tsx';

const MOST_LETTERS = 50;

/** Asks for a city and a country; closes once the server has taken them. `onReset`: back to the own city. */
export function CityDialog(props: {
  title: string;
  what: string;
  place: PlaceName;
  onSave(place: PlaceName): Promise<ApiAnswer<unknown>>;
  onReset?: (() => Promise<ApiAnswer<unknown>>) | undefined;
  resetText?: string;
  onClose(): void;
}) {
  const { t } = useTexts();
  const [city, setCity] = useState(props.place.city);
  const [country, setCountry] = useState(props.place.country);
  const [refusal, setRefusal] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const send = async (work: () => Promise<ApiAnswer<unknown>>) => {
    setBusy(true);
    const answer = await work();
    setBusy(false);
    if (answer.isOk) props.onClose();
    else setRefusal(errorText(t, answer));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send(() => props.onSave({ city: city.trim(), country }));
  };
  const { onReset } = props;
  return (
    <Dialog title={props.title} onClose={props.onClose} testId="city-dialog">
      <form onSubmit={submit}>
        <p>{props.what}</p>
        <Field
          label={t('weatherText.city')}
          value={city}
          onChange={setCity}
          testId="city-name"
          isRequired
          maxLength={MOST_LETTERS}
          pattern="[^,]+"
        />
        <Field
          label={t('weatherText.country')}
          hint={t('weatherText.countryHint')}
          value={country}
          onChange={setCountry}
          testId="city-country"
          isRequired
          isUpperCase
          maxLength={2}
          pattern="[A-Z]{2}"
        />
        {refusal ? <FormError>{refusal}</FormError> : null}
        <DialogFoot>
          {onReset ? (
            <ActionButton onClick={() => void send(onReset)} isBusy={isBusy} testId="city-reset">
              {props.resetText}
            </ActionButton>
          ) : null}
          <SubmitButton isBusy={isBusy} testId="city-save">
            {t('common.save')}
          </SubmitButton>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
