/**
 * The design document that makes records of documents: what is there is never edited, and every document is one of `couchdbTransport`.
 * Put it into each database; whatever creates those can copy it along.
 * @example
 * await fetch(`${database}/_design/regulars`, { method: 'PUT', body: JSON.stringify(couchdbDesign) });
 */
export const couchdbDesign: { readonly _id: string; readonly validate_doc_update: string } = {
  _id: '_design/regulars',
  validate_doc_update: `function (doc, old) {
  if (doc._deleted) return;
  if (old && !old._deleted) throw { forbidden: 'conflict' };
  try {
    var record = JSON.parse(doc.record);
  } catch (error) {
    throw { forbidden: 'invalid' };
  }
  var id = record.kind === 'erasure' ? ['erased', record.subject] : [record.subject, record.id];
  if (!record.data || doc._id !== id.join(':')) throw { forbidden: 'invalid' };
  if (record.kind === 'purchase' && !Array.isArray(record.data.lines)) throw { forbidden: 'invalid' };
}`,
};
