package io.navarch.kinds.certificatesigningrequest;

import io.navarch.objects.Utf8;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/// A PKCS #10 request: what somebody wants their certificate to say. The one reader of such requests: what
/// admission looks at, what approvers and signers look at, and what is signed are these very values, so that there
/// is nothing to be read in two ways.
///
/// Source: RFC 2986, RFC 7468
public final class CertificateRequest {
    public static final String COMMON_NAME = "2.5.4.3";
    public static final String ORGANIZATION = "2.5.4.10";

    private static final String EXTENSION_REQUEST = "1.2.840.113549.1.9.14";
    private static final String ALTERNATIVE_NAME = "2.5.29.17";
    private static final Pattern BLOCK = Pattern.compile("(?:^|\n)-----BEGIN ([^\r\n-]+)-----[ \t\r]*\n");
    private static final int UTF8 = 0x0c;
    private static final int PRINTABLE = 0x13;
    private static final int IA5 = 0x16;

    /// @param type an object identifier
    public record Attribute(String type, String value) {}

    /// @param addresses IP addresses as text
    public record AlternativeNames(List<String> dns, List<String> addresses, List<String> emails, List<String> uris) {
        public static final AlternativeNames NONE = new AlternativeNames(List.of(), List.of(), List.of(), List.of());
    }

    private final List<Attribute> subject;
    private final AlternativeNames names;
    private final byte[] key;

    public CertificateRequest(List<Attribute> subject, AlternativeNames names, byte[] key) {
        this.subject = subject;
        this.names = names;
        this.key = key.clone();
    }

    /// Reads the first block of PEM, and checks that whoever made the request holds its key.
    ///
    /// @throws IllegalArgumentException for what is no request, or one that could be read in another way
    public static CertificateRequest parse(byte[] pem) {
        var whole = new DerReader(block(new String(pem, StandardCharsets.ISO_8859_1)));
        var request = whole.next(DerReader.SEQUENCE);
        whole.finish();
        var information = request.whole(DerReader.SEQUENCE);
        var algorithm = request.next(DerReader.SEQUENCE).oid();
        var signature = request.bits();
        request.finish();
        var contents = new DerReader(information).next(DerReader.SEQUENCE);
        if (contents.integer().signum() != 0)
            throw new IllegalArgumentException("x509: unsupported version of a certificate request");
        var subject = subject(contents.next(DerReader.SEQUENCE));
        var key = contents.whole(DerReader.SEQUENCE);
        var names = contents.more() ? names(contents.next(0xa0)) : AlternativeNames.NONE;
        contents.finish();
        RequestSignature.check(algorithm, key, information, signature);
        return new CertificateRequest(subject, names, key);
    }

    private static byte[] block(String text) {
        var begin = BLOCK.matcher(text);
        var wrong = new IllegalArgumentException("PEM block type must be CERTIFICATE REQUEST");
        if (!begin.find() || !begin.group(1).equals("CERTIFICATE REQUEST")) throw wrong;
        int end = text.indexOf("-----END CERTIFICATE REQUEST-----", begin.end());
        if (end < 0) throw wrong;
        var encoded = text.substring(begin.end(), end).replaceAll("[\r\n \t]", "");
        try {
            return Base64.getDecoder().decode(encoded);
        } catch (IllegalArgumentException e) {
            throw wrong;
        }
    }

    private static List<Attribute> subject(DerReader names) {
        var result = new ArrayList<Attribute>();
        while (names.more()) {
            var relative = names.next(DerReader.SET);
            while (relative.more()) {
                var pair = relative.next(DerReader.SEQUENCE);
                var type = pair.oid();
                result.add(new Attribute(type, text(pair)));
                pair.finish();
            }
        }
        if (result.stream().filter(each -> each.type.equals(COMMON_NAME)).count() > 1)
            throw new IllegalArgumentException("x509: more than one common name");
        return List.copyOf(result);
    }

    private static String text(DerReader reader) {
        int tag = reader.tag();
        var text = switch (tag) {
            case UTF8 -> utf8(reader.next(tag).rest());
            case PRINTABLE, IA5 -> ascii(reader.next(tag).rest());
            default -> throw new IllegalArgumentException("x509: unsupported string type: " + tag);
        };
        if (text.chars().anyMatch(Character::isISOControl))
            throw new IllegalArgumentException("x509: control characters in the subject");
        return text;
    }

    private static String utf8(byte[] bytes) {
        try {
            return Utf8.strict(bytes);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("x509: invalid UTF-8 string", e);
        }
    }

    private static String ascii(byte[] bytes) {
        for (byte each : bytes) if (each < 0) throw new IllegalArgumentException("x509: invalid IA5String");
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private static AlternativeNames names(DerReader attributes) {
        AlternativeNames found = null;
        while (attributes.more()) {
            var attribute = attributes.next(DerReader.SEQUENCE);
            boolean wanted = attribute.oid().equals(EXTENSION_REQUEST);
            var values = attribute.next(DerReader.SET);
            attribute.finish();
            if (!wanted) continue;
            var extensions = values.next(DerReader.SEQUENCE);
            values.finish();
            while (extensions.more()) {
                var extension = extensions.next(DerReader.SEQUENCE);
                if (!extension.oid().equals(ALTERNATIVE_NAME)) continue;
                if (extension.tag() == 0x01) extension.next(0x01);
                var value = extension.next(DerReader.OCTET_STRING);
                extension.finish();
                if (found != null)
                    throw new IllegalArgumentException(
                            "x509: certificate request contains duplicate requested extensions");
                found = general(value.next(DerReader.SEQUENCE));
                value.finish();
            }
        }
        return found == null ? AlternativeNames.NONE : found;
    }

    private static AlternativeNames general(DerReader names) {
        var dns = new ArrayList<String>();
        var addresses = new ArrayList<String>();
        var emails = new ArrayList<String>();
        var uris = new ArrayList<String>();
        while (names.more()) {
            int tag = names.tag();
            var value = names.next(tag).rest();
            switch (tag) {
                case 0x81 -> emails.add(ascii(value));
                case 0x82 -> dns.add(ascii(value));
                case 0x86 -> uris.add(ascii(value));
                case 0x87 -> addresses.add(address(value));
                // Names of other kinds are not signed.
                default -> {}
            }
        }
        return new AlternativeNames(List.copyOf(dns), List.copyOf(addresses), List.copyOf(emails), List.copyOf(uris));
    }

    private static String address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("x509: cannot parse IP address of length " + bytes.length, e);
        }
    }

    /// In the order of the request.
    public List<Attribute> subject() {
        return subject;
    }

    /// The alternative names of the subject.
    public AlternativeNames names() {
        return names;
    }

    /// The public key as a `SubjectPublicKeyInfo`.
    public byte[] key() {
        return key.clone();
    }

    /// `""` when the subject has none.
    public String commonName() {
        return values(COMMON_NAME).stream().findFirst().orElse("");
    }

    public List<String> organizations() {
        return values(ORGANIZATION);
    }

    private List<String> values(String type) {
        return subject.stream()
                .filter(each -> each.type.equals(type))
                .map(Attribute::value)
                .toList();
    }
}
