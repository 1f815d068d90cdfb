-- flags: public.off warning
-- flags: public."Odd" warning
CREATE TABLE off (x int);
CREATE POLICY p ON off USING (x = 1);
CREATE TABLE "Odd" (x int);
CREATE POLICY "P" ON "Odd" USING (x = 1);
CREATE POLICY q ON "Odd" USING (x = 2);
CREATE TABLE on_ (x int);
CREATE POLICY p ON on_ USING (x = 1);
ALTER TABLE on_ ENABLE ROW LEVEL SECURITY;
CREATE TABLE without (x int);
