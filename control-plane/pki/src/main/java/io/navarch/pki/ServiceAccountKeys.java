package io.navarch.pki;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;

/// The keys of service-account tokens: one signs, those before it still verify what they have signed.
///
/// All are in one file, so that they change together: the private key that signs, and of the others what is public.
public record ServiceAccountKeys(KeyPair signing, List<PublicKey> former) {
    static final String FILE = "sa.key";

    static ServiceAccountKeys open(PkiFiles files, Keys keys) throws IOException, GeneralSecurityException {
        if (!files.exists(FILE)) new ServiceAccountKeys(keys.rsa(), List.of()).write(files);
        var known = Keys.read(files.read(FILE));
        var key = known.key().orElseThrow(() -> new IOException(FILE + " has no key in it"));
        return new ServiceAccountKeys(Keys.pair(key), List.copyOf(known.publicKeys()));
    }

    ServiceAccountKeys exchange(Keys keys) throws GeneralSecurityException {
        var all = new ArrayList<>(former);
        all.addFirst(signing.getPublic());
        return new ServiceAccountKeys(keys.rsa(), List.copyOf(all));
    }

    ServiceAccountKeys retire() {
        return new ServiceAccountKeys(signing, List.of());
    }

    void write(PkiFiles files) throws IOException {
        var text = new StringBuilder(Keys.pem(signing.getPrivate()));
        for (var key : former) text.append(Keys.pem(key));
        files.write(FILE, text.toString());
    }
}
