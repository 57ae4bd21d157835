package io.navarch.kinds.secret;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// The blocks of a text in the form of PEM (RFC 7468). What is no whole block is passed over, as everything
/// else is that stands between them. Reads each line once, whatever the text is.
final class PemBlocks {
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    /// @param type what stands after BEGIN, such as `CERTIFICATE`
    record Block(String type, byte[] content) {
        @Override
        public String toString() {
            return type;
        }
    }

    private final List<Block> blocks = new ArrayList<>();
    /// Of the block that has begun; `""` outside of one.
    private String type = "";

    private final StringBuilder content = new StringBuilder();

    private PemBlocks() {}

    static List<Block> of(String text) {
        var reading = new PemBlocks();
        text.lines().forEach(reading::line);
        return reading.blocks;
    }

    private void line(String line) {
        var end = line.stripTrailing();
        boolean edge = end.endsWith(DASHES);
        if (line.startsWith(BEGIN)) {
            type = edge && end.length() > BEGIN.length() + DASHES.length() ? typeOf(end) : "";
            content.setLength(0);
        } else if (line.startsWith(END)) {
            if (edge && !type.isEmpty() && end.equals(END + type + DASHES)) finish();
            type = "";
        } else if (line.contains(":")) {
            // What stands so far are headers.
            content.setLength(0);
        } else if (!type.isEmpty()) {
            content.append(line);
        }
    }

    private static String typeOf(String line) {
        return line.substring(BEGIN.length(), line.length() - DASHES.length());
    }

    private void finish() {
        try {
            blocks.add(new Block(type, Base64.getDecoder().decode(content.toString())));
        } catch (IllegalArgumentException e) {
            // No block.
        }
    }
}
