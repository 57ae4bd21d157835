package io.navarch.pki;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;

/// The keys of service-account tokens: one signs, those before it still verify what they have signed.
///
/// All are in one file, so that they change together: the private key that signs, and of the others what is public.
///
/// @param own the public half of the key that signs
public record ServiceAccountKeys(PrivateKey signing, PublicKey own, List<PublicKey> former) {
    static final String FILE = "sa.key";

    /// What is public of the key that signs. It also says, should that be lost, that there was one.
    private static final String PUBLIC = "sa.pub";

    static ServiceAccountKeys first(Keys keys) throws GeneralSecurityException {
        return of(keys.rsa(), List.of());
    }

    /// Whether tokens have been signed with a key that is not there any more. A first start makes the key last of all:
    /// one that was cut off has not lost it.
    static boolean lost(PkiFiles files) {
        return !files.exists(FILE) && files.exists(PUBLIC);
    }

    static IOException missing(PkiFiles files) {
        return files.missing(
                FILE,
                "or give up all tokens of service accounts, which nothing would prove any more, by"
                        + " `navarch certs replace-lost`");
    }

    static ServiceAccountKeys open(PkiFiles files, Keys keys) throws IOException, GeneralSecurityException {
        if (lost(files)) throw missing(files);
        if (!files.exists(FILE)) first(keys).write(files);
        var known = files.blocks(FILE);
        var key = known.key().orElseThrow(() -> files.damaged(FILE, "there is no key in it"));
        var opened = of(pair(files, key), List.copyOf(known.publicKeys()));
        if (!files.exists(PUBLIC)) opened.remember(files);
        return opened;
    }

    /// Directories of earlier versions, and one that was cut off here, have the key alone.
    private void remember(PkiFiles files) {
        try {
            files.write(PUBLIC, Keys.pem(own));
        } catch (IOException full) {
            // Nobody needs it as long as the key is there; whoever opens that next tries again.
        }
    }

    private static KeyPair pair(PkiFiles files, PrivateKey key) throws IOException {
        try {
            var pair = Keys.pair(key);
            if (Keys.whole(pair)) return pair;
        } catch (GeneralSecurityException e) {
            throw files.damaged(FILE, String.valueOf(e.getMessage()));
        }
        throw files.damaged(FILE, "the halves of its key do not belong together");
    }

    private static ServiceAccountKeys of(KeyPair signing, List<PublicKey> former) {
        return new ServiceAccountKeys(signing.getPrivate(), signing.getPublic(), former);
    }

    ServiceAccountKeys exchange(Keys keys) throws GeneralSecurityException {
        var all = new ArrayList<>(former);
        all.addFirst(own);
        return of(keys.rsa(), List.copyOf(all));
    }

    ServiceAccountKeys retire() {
        return new ServiceAccountKeys(signing, own, List.of());
    }

    void write(PkiFiles files) throws IOException {
        var text = new StringBuilder(Keys.pem(signing));
        for (var key : former) text.append(Keys.pem(key));
        files.write(FILE, text.toString());
        remember(files);
    }
}
