import type { ReactNode } from 'react';
import { useTexts } from '../i18n.ts';
import { Field } from '../ui/field.tsx';
import styles from './enrolment.module.css';
import type { PointDraft } from './point-draft.ts';

type FieldsProps = { draft: PointDraft; change(name: keyof PointDraft): (value: string) => void };

function IdentityFields({ draft, change }: FieldsProps) {
  const { t } = useTexts();
  return (
    <div className={styles.row}>
      <Field
        label={t('enrol.form.id')}
        testId="new-cpId"
        value={draft.cpId}
        onChange={change('cpId')}
        pattern="[A-Z][A-Z0-9]{1,19}"
        hint={t('enrol.form.idHint')}
        maxLength={20}
        isUpperCase
        isRequired
      />
      <Field
        label={t('enrol.form.zone')}
        testId="new-zone"
        value={draft.zone}
        onChange={change('zone')}
        pattern="[A-Z][A-Z0-9]{1,7}"
        hint={t('enrol.form.zoneHint')}
        maxLength={8}
        isUpperCase
        isRequired
      />
    </div>
  );
}

function PlaceFields({ draft, change }: FieldsProps) {
  const { t } = useTexts();
  return (
    <>
      <Field
        label={t('enrol.form.address')}
        testId="new-address"
        value={draft.address}
        onChange={change('address')}
        maxLength={100}
        isRequired
      />
      <div className={styles.row}>
        <Field
          label={t('enrol.form.city')}
          testId="new-city"
          value={draft.city}
          onChange={change('city')}
          maxLength={50}
          isRequired
        />
        <Field
          label={t('enrol.form.country')}
          testId="new-country"
          value={draft.country}
          onChange={change('country')}
          pattern="[A-Z]{2}"
          hint={t('enrol.form.countryHint')}
          maxLength={2}
          isUpperCase
          isRequired
        />
      </div>
    </>
  );
}

function CoordinateFields({ draft, change }: FieldsProps) {
  const { t } = useTexts();
  return (
    <div className={styles.row}>
      <Field
        label={t('enrol.form.latitude')}
        testId="new-latitude"
        type="number"
        value={draft.latitude}
        onChange={change('latitude')}
        hint={t('enrol.form.optional')}
        min={-90}
        max={90}
        step="any"
        isRequired={draft.longitude.trim() !== ''}
      />
      <Field
        label={t('enrol.form.longitude')}
        testId="new-longitude"
        type="number"
        value={draft.longitude}
        onChange={change('longitude')}
        hint={t('enrol.form.optional')}
        min={-180}
        max={180}
        step="any"
        isRequired={draft.latitude.trim() !== ''}
      />
    </div>
  );
}

function FigureFields({ draft, change }: FieldsProps) {
  const { t } = useTexts();
  return (
    <div className={styles.row}>
      <Field
        label={t('enrol.form.price')}
        testId="new-price"
        type="number"
        value={draft.priceEuro}
        onChange={change('priceEuro')}
        hint={t('enrol.form.priceHint')}
        min={0.01}
        max={5}
        step={0.0001}
        isRequired
      />
      <Field
        label={t('enrol.form.power')}
        testId="new-power"
        type="number"
        value={draft.powerKw}
        onChange={change('powerKw')}
        hint={t('enrol.form.powerHint')}
        min={1}
        max={400}
        step={0.1}
        isRequired
      />
    </div>
  );
}

/** The fields that describe a point; one that is there already keeps its id and zone. `idNote` stands beneath the id. */
export function PointFields(props: FieldsProps & { isNew: boolean; idNote?: ReactNode }) {
  return (
    <>
      {props.isNew ? <IdentityFields {...props} /> : null}
      {props.idNote}
      <PlaceFields {...props} />
      <FigureFields {...props} />
      <CoordinateFields {...props} />
    </>
  );
}
