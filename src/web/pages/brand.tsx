/** The name of the product, with its sign. */
export const Brand = ({ className }: { readonly className: string | undefined }) => (
  <a className={className} href="/quotes">
    <img src="/favicon.svg" width={20} height={20} alt="" />
    Quoteroom
  </a>
);
