package org.pneumostream.scanstore;

import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.pneumostream.schemas.Reference;

/**
 * Address of a store, and the references that lead into it.
 *
 * @param uri ends with a slash; an object's address is this one and its name
 */
record StoreAddress(String uri) {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  Reference reference(String scanId, long length, String sha256) {
    return new Reference(uri + StoredObject.name(scanId, sha256), length, sha256);
  }

  /**
   * The name of the object in a reference.
   *
   * @throws IOException if the reference leads outside the store
   */
  String nameOf(Reference reference) throws IOException {
    if (!SHA256.matcher(reference.getSha256()).matches()) {
      throw new IOException(
          "scan store: sha256 is '"
              + reference.getSha256()
              + "', expected 64 lowercase hex digits");
    }
    if (!holds(reference)) {
      throw new IOException("scan store: " + reference.getUri() + " is not in " + uri);
    }
    return reference.getUri().substring(uri.length());
  }

  /**
   * The names of the objects in references.
   *
   * @throws OtherScanStoreException if one leads to another store
   */
  Set<String> namesOf(Collection<Reference> references) throws OtherScanStoreException {
    Set<String> names = new HashSet<>();
    for (Reference reference : references) {
      if (!holds(reference)) {
        throw new OtherScanStoreException(uri);
      }
      names.add(reference.getUri().substring(uri.length()));
    }
    return names;
  }

  private boolean holds(Reference reference) {
    return reference.getUri().startsWith(uri)
        && StoredObject.sha256Of(reference.getUri().substring(uri.length()))
            .equals(Optional.of(reference.getSha256()));
  }
}
