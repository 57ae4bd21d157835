package io.navarch.apiserver.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HtmlLinksTest {
    private static final UnaryOperator<String> MOVED = new Redirect("/proxy", "10.0.0.1:80", "api")::behind;

    private static String rewritten(String page) throws IOException {
        var out = new ByteArrayOutputStream();
        HtmlLinks.rewrite(new ByteArrayInputStream(page.getBytes(StandardCharsets.UTF_8)), out, MOVED);
        return out.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "<a href=\"/x\">test</a> | <a href=\"/proxy/x\">test</a>",
                "<A HREF='/x?a=1&amp;b=2' class=\"c\">ä</A> | <A HREF=\"/proxy/x?a=1&amp;b=2\" class=\"c\">ä</A>",
                "<img alt=\"a > b\" src=/x.png> | <img alt=\"a > b\" src=\"/proxy/x.png\">",
                "<a title=' href=\"/no\" ' href=\"/x\"> | <a title=' href=\"/no\" ' href=\"/proxy/x\">",
                "<a href=\"http://elsewhere/x\"> | <a href=\"http://elsewhere/x\">",
                "<a href=\"http://10.0.0.1:80/x\"> | <a href=\"/proxy/x\">",
                "<a href=\"below\"> | <a href=\"below\">",
                "<a data-href=\"/x\"> | <a data-href=\"/x\">",
                "<p href=\"/x\"> | <p href=\"/x\">",
                "<!-- <a href=\"/x\"> ---><a href=\"/y\"> | <!-- <a href=\"/x\"> ---><a href=\"/proxy/y\">",
                "<script src=\"/s.js\">'<a href=\"/x\">'</SCRIPT><a href=\"/y\"> | "
                        + "<script src=\"/proxy/s.js\">'<a href=\"/x\">'</SCRIPT><a href=\"/proxy/y\">",
                "1 < 2 <a href=\"/y\"> | 1 < 2 <a href=\"/proxy/y\">",
                "<a href=\"/x | <a href=\"/x",
            })
    void onlyLinksToTheServerMove(String page, String wanted) throws IOException {
        assertThat(rewritten(page)).isEqualTo(wanted);
    }

    /// A tag without an end is not held for ever, and does not take the rest of the page's time.
    @Test
    void aTagWithoutAnEndPasses() throws IOException {
        var page = "<a " + "href=/x ".repeat(40_000) + "\"" + "<a ".repeat(100_000);
        assertThat(rewritten(page)).isEqualTo(page);
    }
}
