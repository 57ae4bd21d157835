package io.navarch.kinds.certificatesigningrequest;

import io.navarch.kinds.certificatesigningrequest.CertificateRequest.AlternativeNames;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.List;

/// A new key (on the curve P-256) and the request for a certificate of it, as PEM texts.
///
/// Source: RFC 2986, RFC 5958
public record FreshKey(String key, String request) {
    private static final String COMMON_NAME = "550403";
    private static final String ORGANIZATION = "55040a";
    private static final String EXTENSION_REQUEST = "2a864886f70d01090e";
    private static final String ALTERNATIVE_NAME = "551d11";
    private static final String ECDSA_WITH_SHA256 = "2a8648ce3d040302";

    /// Without `key encipherment`, which only RSA can do.
    public static final List<String> CLIENT_USAGES = List.of("digital signature", "client auth");

    public static final List<String> SERVER_USAGES = List.of("digital signature", "server auth");

    /// @param name the common name: a user
    /// @param groups the organizations
    /// @param names further names of a server, [AlternativeNames#NONE] for a client
    public static FreshKey of(SecureRandom random, String name, List<String> groups, AlternativeNames names) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            var pair = generator.generateKeyPair();
            var contents = DerWriter.sequence(
                    DerWriter.number(0),
                    subject(name, groups),
                    pair.getPublic().getEncoded(),
                    names.equals(AlternativeNames.NONE) ? new byte[] {(byte) 0xa0, 0} : attributes(names));
            var signing = Signature.getInstance("SHA256withECDSA");
            signing.initSign(pair.getPrivate(), random);
            signing.update(contents);
            var request = DerWriter.sequence(
                    contents, DerWriter.sequence(DerWriter.oid(ECDSA_WITH_SHA256)), DerWriter.bits(signing.sign()));
            return new FreshKey(
                    pem("PRIVATE KEY", pair.getPrivate().getEncoded()), pem("CERTIFICATE REQUEST", request));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has this curve", e);
        }
    }

    private static byte[] subject(String name, List<String> groups) {
        var parts = new byte[groups.size() + 1][];
        for (int i = 0; i < groups.size(); i++) parts[i] = attribute(ORGANIZATION, groups.get(i));
        parts[groups.size()] = attribute(COMMON_NAME, name);
        return DerWriter.sequence(parts);
    }

    private static byte[] attribute(String type, String value) {
        return DerWriter.of(
                DerReader.SET,
                DerWriter.sequence(DerWriter.oid(type), DerWriter.of(0x0c, value.getBytes(StandardCharsets.UTF_8))));
    }

    private static byte[] attributes(AlternativeNames names) {
        var all = new byte[names.dns().size() + names.addresses().size()][];
        int next = 0;
        for (var name : names.dns()) all[next++] = DerWriter.of(0x82, name.getBytes(StandardCharsets.US_ASCII));
        for (var address : names.addresses()) all[next++] = DerWriter.of(0x87, DerWriter.address(address));
        var extension = DerWriter.sequence(
                DerWriter.oid(ALTERNATIVE_NAME), DerWriter.of(DerReader.OCTET_STRING, DerWriter.sequence(all)));
        return DerWriter.of(
                0xa0,
                DerWriter.sequence(
                        DerWriter.oid(EXTENSION_REQUEST), DerWriter.of(DerReader.SET, DerWriter.sequence(extension))));
    }

    private static String pem(String type, byte[] content) {
        var encoded = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + type + "-----\n" + encoded + "\n-----END " + type + "-----\n";
    }
}
