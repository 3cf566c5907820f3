import { Type } from 'class-transformer'
import { IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator'

export class ListProductsDto {
  @IsOptional() @IsString() @Length(1, 80) category?: string

  @IsOptional() @Type(() => Number) @IsInt() @Min(0) minPrice?: number

  @IsOptional() @Type(() => Number) @IsInt() @Min(0) maxPrice?: number

  @IsOptional() @IsIn(['price']) sortBy?: 'price'

  @IsOptional() @IsIn(['asc']) order?: 'asc'

  @IsOptional() @IsString() @Length(1, 400) cursor?: string

  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(100) limit = 20
}

export class SearchProductsDto {
  @IsString() @Length(2, 100) q!: string

  @IsOptional() @Type(() => Number) @IsInt() @Min(0) minPrice?: number

  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(100) limit = 20
}
