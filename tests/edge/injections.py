"""Two hundred texts that try to be more than text: to a template, a page, a style sheet, a picture, a program."""

_EXPRESSIONS = (
    "7*7",
    "self",
    "config.items()",
    "lipsum.__globals__",
    "cycler.__init__.__globals__.os.popen('id').read()",
    "''.__class__.__mro__[1].__subclasses__()",
    "request.application.__globals__",
    "().__class__.__bases__[0]",
    "namespace.__init__",
    "joiner|attr('__init__')",
    "salutation.sealed_address",
    "range(999999999)|list",
    "address|safe",
    "[].append(1)",
    "'%s' % address",
    "'{0.__class__}'.format(self)",
)
_HOLDS = ("{{{{ {} }}}}", "{{% if {} %}}x{{% endif %}}", "{{%- set x = {} -%}}", "${{{}}}", "#{{{}}}", "<%= {} %>")
_STATEMENTS = (
    "{% import os %}",
    "{% include 'letterhead.html' %}",
    "{% extends '/etc/passwd' %}",
    "{% block letter %}x{% endblock %}",
    "{% raw %}{{ address }}{% endraw %}",
    "{# a note #}",
    "{% for a in address %}{{ a }}{% endfor %}",
    "{% autoescape false %}<b>x</b>{% endautoescape %}",
    "{{",
    "}}",
    "{%",
    "%}",
    "{{ '{{' }}",
)
_PLACES = (
    "file:///etc/passwd",
    "FILE:/etc/passwd",
    "file://localhost/etc/passwd",
    "http://127.0.0.1:9/x",
    "https://[::1]/x",
    "//example.org/x",
    "ftp://example.org/x",
    "data:text/html,<script>x</script>",
    "javascript:alert(1)",
)
_TAGS = (
    "<img src={}>",
    "<link rel=stylesheet href={}>",
    "<link rel=attachment href={}>",
    "<object data={}></object>",
    "<iframe src={}></iframe>",
    "<a href={}>x</a>",
    "<svg><image href={} /></svg>",
    "</style><style>@import url({});</style>",
    "background:url({})",
)
_MARKUP = (
    "<script>alert(1)</script>",
    "<b>x",
    "</p><h1>x</h1>",
    "<!-- x -->",
    "<![CDATA[x]]>",
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
    "&lt;b&gt;",
    "&#60;b&#62;",
    "&amp;amp;",
    "\"' onload='x'",
    'x" id="address',
    "</body></html>",
    "<base href='file:///'>",
    "<meta http-equiv=refresh content=0>",
    "expression(alert(1))",
    "} p { display: none } .x {",
)

PAYLOADS: tuple[str, ...] = (
    *(hold.format(each) for hold in _HOLDS for each in _EXPRESSIONS),
    *_STATEMENTS,
    *(tag.format(place) for tag in _TAGS for place in _PLACES),
    *_MARKUP,
)
