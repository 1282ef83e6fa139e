/**
 * How large the parts of one update may be, beside its bytes. No honest client comes near any of these; each is there
 * because without it a few bytes, or 2 MiB of them, would cost seconds or gigabytes, here and in every replica.
 *
 * They are rules of the gate, and not part of the stored policy: lowering one of these raises `GATE_VERSION`, since an entry
 * that was let in under the higher bound could not be decided again. Raising one does not, but for those that say so: what was
 * turned away is in no log.
 */

/** New structs of one update: 2,000 rows of 15 cells are 30,000. What we hold already is not counted. */
export const FRESH_STRUCTS_MAX = 80_000;
/** Delete ranges: a sync step 2 carries all that were ever deleted, and no more fit into its frame. */
export const DELETE_RANGES_MAX = 400_000;
/** Arrays and objects within each other in an offered value. */
export const VALUE_DEPTH_MAX = 64;
/** Characters of a format's JSON: a link, a colour. */
export const FORMAT_CHARS_MAX = 16_384;
/** Characters of a format's name; a longer one is refused. Any change counts. */
export const FORMAT_KEY_CHARS_MAX = 64;
/** Pieces of a text times its kinds of formats, above which the gate leaves tidying them to the clients. Any change counts. */
export const FORMAT_STEPS_MAX = 200_000;
/** Clocks of one client. Far below 2^53, above which Yjs's numbers fail in every replica. */
export const CLOCK_MAX = 2 ** 40;
/** Client ids of one user in one quote: every replica keeps them all for good. */
export const CLIENTS_PER_USER_MAX = 10_000;
/**
 * Steps that Yjs may need to find the places of one update's structs, see `merge-meter.ts`: each is a struct that it passes,
 * and takes 0.2 to 0.4 us. Pasting takes none; people who edited the same paragraph offline for hours cause a few
 * thousand.
 */
export const MERGE_STEPS_MAX = 60_000;
/**
 * The same of all that one person ever sends to a quote: every replica takes these steps again whenever it loads the quote.
 * Half a second to a second of them; as much as a thousand returns from hours offline.
 */
export const MERGE_STEPS_PER_USER_MAX = 2_500_000;
/** A cut through a struct in such steps, and how many structs Yjs moves behind a cut in the time of one. Any change counts. */
export const CUT_STEPS = 2;
export const MOVES_PER_STEP = 512;
/**
 * Texts that one person may begin beyond those of notes, all refused: a viewer's, or in a quote that has all its notes.
 * Yjs searches all texts whenever it encodes the quote.
 */
export const SPARE_TEXTS_PER_USER_MAX = 100;
/** The share of the document's limit that one user's refused structs may take, and how much they may in any case. */
export const REFUSED_SHARE = 1 / 8;
export const REFUSED_BYTES_MIN = 65_536;
/** What a struct costs beside its content and the names it carries. Any change counts. */
export const STRUCT_BYTES = 14;
