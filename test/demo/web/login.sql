-- weight 20: a customer signs in; the shop does not care for upper and lower case
\set customer random_zipfian(1, 40000, 1.05)
SELECT id, name, country FROM customers WHERE lower(email) = lower('customer' || :customer || '@example.com');
