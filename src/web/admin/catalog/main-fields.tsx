import { Button } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import { PageSection } from '../../components/page-frame.tsx'
import { Select } from '../../components/select.tsx'
import { TextArea } from '../../components/text-area.tsx'
import { type ProductForm, slugOf } from './product-form.ts'
import type { ProductEditing } from './use-product-editor.ts'

type TextName = { [N in keyof ProductForm]: ProductForm[N] extends string ? N : never }[keyof ProductForm]

/** What a field of the form needs, by its name. */
export function fieldOf({ form, problems, change }: ProductEditing, name: TextName) {
  return {
    name,
    value: form[name],
    error: problems[name],
    onInput: (value: string) => change({ [name]: value }),
    testId: `product-${name}`,
  }
}

export function MainFields({
  editing,
  categories,
}: {
  editing: ProductEditing
  categories: readonly { value: string; label: string }[]
}) {
  const { form, problems, change, rename } = editing
  const proposed = slugOf(form.name)
  return (
    <PageSection title="What it is">
      <Field label="Name" {...fieldOf(editing, 'name')} onInput={rename} maxLength={200} />
      <div class="field-pair">
        <Field
          label="Address"
          isCode
          hint={`/app/shop/${form.slug || proposed || '…'}`}
          maxLength={120}
          {...fieldOf(editing, 'slug')}
          {...(proposed !== '' && proposed !== form.slug
            ? {
                aside: (
                  <Button
                    kind="quiet"
                    class="field-aside"
                    label="Propose the address from the name"
                    onPress={() => change({ slug: proposed })}
                    testId="propose-slug"
                  >
                    Propose
                  </Button>
                ),
              }
            : {})}
        />
        <Field label="SKU" isCode maxLength={64} {...fieldOf(editing, 'sku')} />
      </div>
      <div class="field-pair">
        <Field label="Brand" optional maxLength={100} {...fieldOf(editing, 'brand')} />
        <Select
          label="Category"
          name="categoryId"
          options={[{ value: '', label: 'None' }, ...categories]}
          value={form.categoryId}
          error={problems.categoryId}
          onChange={(categoryId) => change({ categoryId })}
          testId="product-categoryId"
        />
      </div>
      <TextArea label="Description" optional rows={5} maxLength={5_000} {...fieldOf(editing, 'description')} />
      <Field
        label="Tags"
        optional
        hint="With commas between them. The shop can be narrowed by each."
        {...fieldOf(editing, 'tags')}
      />
    </PageSection>
  )
}

export function SaleFields({ editing, currency }: { editing: ProductEditing; currency: string }) {
  return (
    <PageSection title="What it costs, and how much there is">
      <div class="field-pair">
        <Field label={`Price in ${currency}`} {...fieldOf(editing, 'price')} placeholder="24.90" />
        <Field
          label={`Price before, in ${currency}`}
          optional
          hint="Shown struck through beside the price."
          {...fieldOf(editing, 'compareAtPrice')}
        />
      </div>
      <div class="field-pair">
        <Field label="In stock" inputMode="numeric" {...fieldOf(editing, 'stock')} />
        <Field label="Weight in grams" optional inputMode="numeric" {...fieldOf(editing, 'weightGrams')} />
      </div>
    </PageSection>
  )
}
