"""The functions Kubernetes adds: quantity, url, ip, cidr, semver, format."""

from __future__ import annotations

import pytest

from tests.cel.running import ERROR, outcome, value

TRUE = [
    # quantities: https://kubernetes.io/docs/reference/using-api/cel/ and resource/quantity.go
    "quantity('1.5G').isGreaterThan(quantity('1G'))",
    "quantity('200M').compareTo(quantity('0.2G')) == 0",
    "quantity('50M').compareTo(quantity('50Mi')) == -1",
    "quantity('50Mi').compareTo(quantity('50M')) == 1",
    "quantity('100m') == quantity('0.1') && quantity('100m') == quantity('.1')",
    "quantity('1e3') == quantity('1k') && quantity('1E3') == quantity('1000')",
    "quantity('1E') == quantity('1e18') && quantity('1.') == quantity('1')",
    "quantity('1u') == quantity('1000n') && quantity('1e-3') == quantity('1m')",
    "quantity('0.1n') == quantity('1n') && quantity('-0.1n') == quantity('-1n')",
    "quantity('+5').asInteger() == 5 && quantity('-5k').asInteger() == -5000",
    "quantity('-5').sign() == -1 && quantity('0').sign() == 0 && quantity('5').sign() == 1",
    "quantity('50k').add(quantity('20k')) == quantity('70k')",
    "quantity('50k').add(20).sub(quantity('100k')).sub(-50000) == quantity('20')",
    "quantity('50k').sub(20000).asApproximateFloat() == 30000.0",
    "quantity('50000000G').isInteger() && !quantity('1500m').isInteger()",
    "!quantity('9999999999999999999999999999999999999G').isInteger()",
    "quantity('1Ki').asInteger() == 1024 && quantity('1Ti').asInteger() == 1099511627776",
    "quantity('100Ei') == quantity('9223372036854775807')",
    "quantity('512Mi').isLessThan(quantity('1Gi'))",
    "['1.3G', '1.3Gi', '10000k', '1', '0', '00.5', '-1', '5n', '5u', '1e-9'].all(q, isQuantity(q))",
    "['', '1,3G', '200K', 'Three', 'Mi', '1 G', '1G ', '.', '+', 'e3', '1e', '1ee3', '1ki', '1mi', "
    "'1.2.3', '0x10', '1Gi5', '١'].all(q, !isQuantity(q))",
    "type(quantity('1')) == type(quantity('2'))",
    # URLs: urls.go
    "url('https://user:pass@example.com:80/path?query=val#fragment').getHost() == 'example.com:80'",
    "url('/path').getScheme() == '' && url('/path').getHost() == '' && url('/path').getPort() == ''",
    "url('HTTPS://example.com/').getScheme() == 'https'",
    "url('https://[::1]:80/').getHost() == '[::1]:80'",
    "url('https://[::1]:80/').getHostname() == '::1' && url('https://[::1]:80/').getPort() == '80'",
    "url('https://example.com:80/').getHostname() == 'example.com'",
    "url('https://example.com/').getPort() == ''",
    "url('https://example.com/path with spaces/').getEscapedPath() == '/path%20with%20spaces/'",
    "url('https://example.com').getEscapedPath() == ''",
    "url('https://example.com/a%2Fb').getEscapedPath() == '/a%2Fb'",
    "url('https://example.com/path?k1=a&k2=b&k2=c').getQuery() == {'k1': ['a'], 'k2': ['b', 'c']}",
    "url('https://example.com/path?key with spaces=value with spaces').getQuery() == "
    "{'key with spaces': ['value with spaces']}",
    "url('https://example.com/path?').getQuery() == {}",
    "isURL('https://user:pass@example.com:80/path?query=val#fragment') && isURL('/absolute-path')",
    "!isURL('https://a:b:c/') && !isURL('../relative-path') && !isURL('') && !isURL('a b')",
    "!isURL('https://exa mple.com/') && !isURL('https://example.com/%zz') && !isURL(':foo')",
    "isURL('mailto:a@b.c') && !isURL('https://[::1/')",
    # addresses: ip.go, cidr.go
    "ip('127.0.0.1').family() == 4 && ip('::1').family() == 6",
    "isIP('127.0.0.1') && isIP('::1') && !isIP('127.0.0.256') && !isIP(':::1') && !isIP('01.2.3.4')",
    "!isIP('::ffff:1.2.3.4') && !isIP('fe80::1%eth0') && !isIP('10.0.0.0/8') && !isIP('')",
    "ip.isCanonical('127.0.0.1') && ip.isCanonical('2001:db8::abcd')",
    "!ip.isCanonical('2001:DB8::ABCD') && !ip.isCanonical('2001:db8::0:0:0:abcd')",
    "ip('2001:DB8::1') == ip('2001:db8:0::1')",
    "ip('0.0.0.0').isUnspecified() && ip('::').isUnspecified() && !ip('::1').isUnspecified()",
    "ip('127.8.9.1').isLoopback() && ip('::1').isLoopback() && !ip('192.168.0.1').isLoopback()",
    "ip('224.0.0.1').isLinkLocalMulticast() && !ip('224.0.1.1').isLinkLocalMulticast()",
    "ip('ff02::1').isLinkLocalMulticast() && !ip('fd00::1').isLinkLocalMulticast()",
    "ip('169.254.169.254').isLinkLocalUnicast() && !ip('192.168.0.1').isLinkLocalUnicast()",
    "ip('fe80::1').isLinkLocalUnicast() && !ip('fd80::1').isLinkLocalUnicast()",
    "ip('192.168.0.1').isGlobalUnicast() && !ip('255.255.255.255').isGlobalUnicast()",
    "ip('2001:db8::abcd').isGlobalUnicast() && !ip('ff00::1').isGlobalUnicast()",
    "cidr('192.168.0.0/24').containsIP(ip('192.168.0.1'))",
    "!cidr('192.168.0.0/24').containsIP('192.168.1.1') && !cidr('0.0.0.0/0').containsIP('::1')",
    "cidr('192.168.0.0/16').containsCIDR(cidr('192.168.10.0/24'))",
    "!cidr('192.168.1.0/24').containsCIDR('192.168.2.0/24')",
    "!cidr('192.168.1.0/24').containsCIDR('192.168.0.0/16')",
    "cidr('192.168.0.1/24').ip() == ip('192.168.0.1') && cidr('::1/128').ip().family() == 6",
    "cidr('192.168.0.1/24').masked() == cidr('192.168.0.0/24')",
    "cidr('192.168.0.1/24') != cidr('192.168.0.1/24').masked()",
    "cidr('192.168.0.0/16').prefixLength() == 16 && cidr('::1/128').prefixLength() == 128",
    "isCIDR('192.168.0.0/16') && isCIDR('::1/128') && !isCIDR('192.168.0.0/33')",
    "!isCIDR('::1/129') && !isCIDR('10.0.0.0') && !isCIDR('10.0.0.0/08') && !isCIDR('10.0.0.0/')",
    "string(ip('2001:DB8::1')) == '2001:db8::1' && string(cidr('10.1.2.3/8')) == '10.1.2.3/8'",
    # versions: semverlib.go, semver.org item 11
    "isSemver('1.0.0') && isSemver('0.1.0-alpha.1+build.5') && !isSemver('hello')",
    "!isSemver('v1.0') && isSemver('v1.0', true) && !isSemver('1.0') && isSemver('01.01.01', true)",
    "!isSemver('01.1.1') && !isSemver('1.0.0-01') && !isSemver('1.0.0-') && !isSemver('1.0.0-a..b')",
    "!isSemver('1.0-rc', true) && !isSemver('', true)",
    "semver('1.2.3').major() == 1 && semver('1.2.3').minor() == 2 && semver('1.2.3').patch() == 3",
    "semver('1.2.3').compareTo(semver('2.0.0')) == -1 && semver('1.2.3').compareTo(semver('0.1.2')) == 1",
    "semver('1.0.0-rc.1').isLessThan(semver('1.0.0'))",
    "semver('1.0.0+a') == semver('1.0.0+b') && semver('v1', true) == semver('1.0.0')",
    "['1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-alpha.beta', '1.0.0-beta', '1.0.0-beta.2', "
    "'1.0.0-beta.11', '1.0.0-rc.1', '1.0.0'].map(v, semver(v)).all(i, v, "
    "i == 0 || v.isGreaterThan(semver(['1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-alpha.beta', "
    "'1.0.0-beta', '1.0.0-beta.2', '1.0.0-beta.11', '1.0.0-rc.1', '1.0.0'][i - 1])))",
    # named formats: format.go
    "!format.dns1123Label().validate('my-label-name').hasValue()",
    "format.dns1123Label().validate('My-Label').hasValue()",
    "!format.named('dns1123Subdomain').value().validate('apiextensions.k8s.io').hasValue()",
    "!format.named('nothing').hasValue()",
    "format.dns1035Label().validate('1-label').hasValue()",
    "!format.qualifiedName().validate('apiextensions.k8s.io/v1beta1').hasValue()",
    "format.qualifiedName().validate('a/b/c').hasValue()",
    "format.qualifiedName().validate('/b').value() == ['prefix part must be non-empty']",
    "!format.dns1123LabelPrefix().validate('my-label-prefix-').hasValue()",
    "!format.dns1123SubdomainPrefix().validate('mysubdomain.prefix.-').hasValue()",
    "!format.labelValue().validate('').hasValue() && format.labelValue().validate('-a').hasValue()",
    "!format.uri().validate('http://example.com').hasValue() && format.uri().validate('a').hasValue()",
    "!format.uuid().validate('123e4567-e89b-12d3-a456-426614174000').hasValue()",
    "format.uuid().validate('123e4567').hasValue()",
    "!format.byte().validate('aGVsbG8=').hasValue() && format.byte().validate('a*').hasValue()",
    "!format.date().validate('2021-01-01').hasValue() && format.date().validate('2021-02-30').hasValue()",
    "!format.datetime().validate('2021-01-01T00:00:00Z').hasValue()",
    "format.datetime().validate('2021-01-01T25:00:00Z').hasValue()",
]
ERRORS = [
    *(
        "quantity('200K')",
        "quantity('')",
        "quantity(1)",
        "isQuantity(1)",
        "quantity('1500m').asInteger()",
    ),
    *("quantity('1').add('1')", "quantity('1').isLessThan(1)", "quantity('1') < quantity('2')"),
    *(
        "url('../relative-path')",
        "ip('127.0.0.256')",
        "cidr('192.168.0.0/33')",
        "ip.isCanonical('x')",
    ),
    *(
        "semver('200K')",
        "semver('1.0.0').compareTo(quantity('1'))",
        "cidr('10.0.0.0/8').containsIP('x')",
    ),
    *("quantity('9999999999999999999G').asInteger()", "format.named(1)", "'a'.validate('b')"),
]


@pytest.mark.parametrize("text", TRUE)
def test_true(text: str) -> None:
    assert value(text) is True


@pytest.mark.parametrize("text", ERRORS)
def test_error(text: str) -> None:
    assert outcome(text) == ERROR


def test_a_variable_may_be_called_like_a_namespace() -> None:
    assert value("ip.family", ip={"family": 4}) == 4
    assert value("[{'family': 4}].all(ip, ip.family == 4)") is True
    assert value("ip.isCanonical('::1')", ip={"family": 4}) is True
