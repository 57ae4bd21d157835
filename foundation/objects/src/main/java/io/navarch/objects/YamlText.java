package io.navarch.objects;

import java.io.Reader;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.scanner.Constant;

/// A text that is there as a whole, for the library's scanner. The library's own reader moves all that it has read of a
/// token with each thousand characters more, so that one long line of a few megabytes takes seconds.
final class YamlText extends StreamReader {
    private static final String NAME = "'reader'";
    private static final int LINE_FEED = '\n';
    private static final int RETURN = '\r';
    private static final int BYTE_ORDER = 0xfeff;

    /// What the marks of errors show is around them; there are many marks, and one text.
    private final int[] points;

    private int at;
    private int documentStart;
    private int line;
    private int column;

    YamlText(String text) {
        super(Reader.nullReader());
        points = text.codePoints().toArray();
        for (int i = 0; i < points.length; i++)
            if (!isPrintable(points[i]))
                throw new ReaderException(NAME, i, points[i], "special characters are not allowed");
    }

    @Override
    public Mark getMark() {
        return new Mark(NAME, at, line, column, points, at);
    }

    @Override
    public void forward() {
        forward(1);
    }

    @Override
    public void forward(int length) {
        for (int i = 0; i < length && at < points.length; i++) {
            int point = points[at++];
            boolean half = point == RETURN && at < points.length && points[at] == LINE_FEED;
            if (Constant.LINEBR.has(point) || point == RETURN && !half) {
                line++;
                column = 0;
            } else if (point != BYTE_ORDER) {
                column++;
            }
        }
    }

    @Override
    public int peek() {
        return peek(0);
    }

    @Override
    public int peek(int ahead) {
        return at + ahead < points.length ? points[at + ahead] : 0;
    }

    @Override
    public String prefix(int length) {
        return new String(points, at, Math.clamp(length, 0, points.length - at));
    }

    @Override
    public String prefixForward(int length) {
        var prefix = prefix(length);
        // As in the library: what is taken like this has no end of a line in it.
        at += length;
        column += length;
        return prefix;
    }

    @Override
    public int getColumn() {
        return column;
    }

    @Override
    public int getDocumentIndex() {
        return at - documentStart;
    }

    @Override
    public void resetDocumentIndex() {
        documentStart = at;
    }

    @Override
    public int getIndex() {
        return at;
    }

    @Override
    public int getLine() {
        return line;
    }
}
