-- flags: public.wide notice
CREATE TABLE wide (a int, b int, c int, d int, e int, PRIMARY KEY (a, b, c, d, e));
CREATE TABLE child (a int, b int, c int, d int, e int, FOREIGN KEY (a, b, c, d, e) REFERENCES wide);

-- Nothing refers to it; referred to by another key; four columns.
CREATE TABLE junction (a int, b int, c int, d int, e int, PRIMARY KEY (a, b, c, d, e));
CREATE TABLE surrogate (a int, b int, c int, d int, e int, id int UNIQUE, PRIMARY KEY (a, b, c, d, e));
CREATE TABLE of_surrogate (s int REFERENCES surrogate (id));
CREATE TABLE four (a int, b int, c int, d int, PRIMARY KEY (a, b, c, d));
CREATE TABLE of_four (a int, b int, c int, d int, FOREIGN KEY (a, b, c, d) REFERENCES four);
