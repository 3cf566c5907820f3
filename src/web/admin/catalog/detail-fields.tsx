import { Button } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import { Icon } from '../../components/icon.tsx'
import { PageSection } from '../../components/page-frame.tsx'
import { ProductPicture } from '../../shop/product-picture.tsx'
import { isPictureUrl, nextKey } from './product-form.ts'
import { RemoveRow, replaceRow } from './rows.tsx'
import type { ProductEditing } from './use-product-editor.ts'

const MOST_IMAGES = 10
const MOST_FACTS = 20

export function ImageFields({ editing: { form, problems, change, base } }: { editing: ProductEditing }) {
  const { images } = form
  return (
    <PageSection
      title="Pictures"
      about="By their address. The first one stands in the list."
      actions={
        images.length < MOST_IMAGES && (
          <Button
            onPress={() => change({ images: [...images, { key: nextKey(), url: '', alt: '' }] })}
            testId="add-image"
          >
            <Icon name="plus" />
            Picture
          </Button>
        )
      }
    >
      {images.length > 0 && (
        <ul class="editor-rows">
          {images.map((image, i) => (
            <li class="editor-row editor-image" key={image.key}>
              <span class="editor-preview" data-testid="preview">
                <ProductPicture
                  id={base?.product.id ?? ''}
                  url={isPictureUrl(image.url) ? image.url.trim() : undefined}
                  alt={`Picture ${i + 1} as it will look`}
                />
              </span>
              <div class="editor-row-fields">
                <Field
                  label={`Address of picture ${i + 1}`}
                  type="url"
                  isCode
                  name={`images.${i}.url`}
                  placeholder="https://"
                  value={image.url}
                  error={problems[`images.${i}.url`]}
                  onInput={(url) => change({ images: replaceRow(images, { ...image, url }) })}
                  testId={`image-url-${i}`}
                />
                <Field
                  label="What there is to see"
                  optional
                  name={`images.${i}.alt`}
                  maxLength={200}
                  value={image.alt}
                  error={problems[`images.${i}.alt`]}
                  onInput={(alt) => change({ images: replaceRow(images, { ...image, alt }) })}
                />
              </div>
              <RemoveRow
                label={`Remove picture ${i + 1}`}
                onPress={() => change({ images: images.filter((one) => one !== image) })}
              />
            </li>
          ))}
        </ul>
      )}
    </PageSection>
  )
}

export function FactFields({ editing: { form, problems, change } }: { editing: ProductEditing }) {
  const { attributes } = form
  return (
    <PageSection
      title="Details"
      about="Names and values, such as material and linen."
      actions={
        attributes.length < MOST_FACTS && (
          <Button
            onPress={() => change({ attributes: [...attributes, { key: nextKey(), name: '', value: '' }] })}
            testId="add-attribute"
          >
            <Icon name="plus" />
            Detail
          </Button>
        )
      }
    >
      {attributes.length > 0 && (
        <ul class="editor-rows">
          {attributes.map((row, i) => (
            <li class="editor-row" key={row.key}>
              <div class="editor-row-fields field-pair">
                <Field
                  label={`Name of detail ${i + 1}`}
                  name={`attributes.${i}`}
                  maxLength={50}
                  value={row.name}
                  error={problems[`attributes.${i}`]}
                  onInput={(name) => change({ attributes: replaceRow(attributes, { ...row, name }) })}
                  testId={`attribute-name-${i}`}
                />
                <Field
                  label="Value"
                  name={`attributes.${i}.value`}
                  maxLength={200}
                  value={row.value}
                  onInput={(value) => change({ attributes: replaceRow(attributes, { ...row, value }) })}
                  testId={`attribute-value-${i}`}
                />
              </div>
              <RemoveRow
                label={`Remove detail ${i + 1}`}
                onPress={() => change({ attributes: attributes.filter((one) => one !== row) })}
              />
            </li>
          ))}
        </ul>
      )}
    </PageSection>
  )
}
