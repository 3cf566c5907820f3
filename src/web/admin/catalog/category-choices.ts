/** A category as it stands in a list of choices. */
export interface CategoryChoice {
  value: string
  label: string
}
