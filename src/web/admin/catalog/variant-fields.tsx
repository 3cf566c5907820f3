import { Button } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import { Icon } from '../../components/icon.tsx'
import { PageSection } from '../../components/page-frame.tsx'
import { fieldOf } from './main-fields.tsx'
import { listOf, nextKey, type VariantRow } from './product-form.ts'
import { RemoveRow, replaceRow } from './rows.tsx'
import type { ProductEditing } from './use-product-editor.ts'

const MOST_VARIANTS = 50

/** The forms in which it is sold: what they differ in is said once, and each has a value of it. */
export function VariantFields({ editing, currency }: { editing: ProductEditing; currency: string }) {
  const { form, problems, change } = editing
  const { variants } = form
  const differences = listOf(form.differences)
  const add = () => {
    const values = variants.at(-1)?.values ?? {}
    change({ variants: [...variants, { key: nextKey(), sku: '', price: '', values: { ...values } }] })
  }
  const set = (row: VariantRow) => change({ variants: replaceRow(variants, row) })
  return (
    <PageSection
      title="Variants"
      about="The forms in which it is sold, such as sizes."
      actions={
        variants.length < MOST_VARIANTS && (
          <Button onPress={add} testId="add-variant">
            <Icon name="plus" />
            Variant
          </Button>
        )
      }
    >
      {variants.length > 0 && (
        <>
          <Field
            label="What they differ in"
            hint="With commas between them, such as size, colour. What a variant does not have stays empty."
            {...fieldOf(editing, 'differences')}
          />
          <ul class="editor-rows">
            {variants.map((row, i) => (
              <li class="editor-row" key={row.key}>
                <div class="editor-row-fields field-many">
                  {differences.map((name) => (
                    <Field
                      key={name}
                      label={name}
                      name={`variants.${i}.attributes.${name}`}
                      maxLength={200}
                      value={row.values[name] ?? ''}
                      error={problems[`variants.${i}.attributes.${name}`]}
                      onInput={(value) => set({ ...row, values: { ...row.values, [name]: value } })}
                      testId={`variant-${i}-${name}`}
                    />
                  ))}
                  <Field
                    label="SKU"
                    isCode
                    name={`variants.${i}.sku`}
                    maxLength={64}
                    value={row.sku}
                    error={problems[`variants.${i}.sku`] ?? problems[`variants.${i}.attributes`]}
                    onInput={(sku) => set({ ...row, sku })}
                    testId={`variant-${i}-sku`}
                  />
                  <Field
                    label="Own price"
                    placeholder={form.price || currency}
                    name={`variants.${i}.price`}
                    value={row.price}
                    error={problems[`variants.${i}.price`]}
                    onInput={(price) => set({ ...row, price })}
                    testId={`variant-${i}-price`}
                  />
                </div>
                <RemoveRow
                  label={`Remove variant ${i + 1}`}
                  onPress={() => change({ variants: variants.filter((one) => one !== row) })}
                />
              </li>
            ))}
          </ul>
        </>
      )}
    </PageSection>
  )
}
