import { framed, lazyPage } from './lazy-page.tsx'

/** For those who are signed in and for those who are not. */
export const ShopPage = lazyPage(async () => (await import('../shop/shop-page.tsx')).ShopPage, framed('Shop'))
