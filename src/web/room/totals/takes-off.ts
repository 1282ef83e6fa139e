/** Whether a discount's amount is worth a place among the sums: one that is not filled in yet takes off nothing. */
export const takesOff = ({ amount }: { readonly amount: string }): boolean => /[1-9]/.test(amount);
