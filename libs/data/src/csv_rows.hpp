// Written by tools/oracle/csv_rows.py.
// clang-format off
#pragma once

#include <string_view>
#include <vector>

namespace vajrapulse::data {

struct CsvCase {
  std::string_view text;
  char separator;
  std::vector<std::vector<std::string_view>> rows;
};

inline const std::vector<CsvCase> kCsvCases{
  {"\357\273\277\"c0\";\"c1\"\015\012\"\"\"a'\";\"Z\303\274richxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\015\012\"|\";\"0.5'\"\015\012\"\"\"\"\"\";\"|\"\015\012", ';', {
    {"\"a'", "Z\303\274richxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
    {"|", "0.5'"},
    {"\"\"", "|"}}},
  {"c0|c1|c2\015\012b7|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx|\015\012;|\"\011\011;\"\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxa\"|,\015\012,||\015\012\"\011; |0.5 \"|\";'\"\"\"\"\015\012xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"|\" '\012,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxb7\"\015\012\"\"\"\"\"'\"\"\"|Z\303\274rich|\015\012", '|', {
    {"b7", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", ""},
    {";", "\011\011;\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxa", ","},
    {",", "", ""},
    {"\011; |0.5 ", ";'\"\"\015\012xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", " '\012,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxb7"},
    {"\"\"'\"", "Z\303\274rich", ""}}},
  {"\"c0\"\011\"c1\"\015\012\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\011\"|a\"\015\012\"\"\011\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxZ\303\274rich|\"\015\012\"Z\303\274rich\"\011\"\011b7a\"\"\"\",a\"\015\012\"a\"\011\" \011 ';xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\015\012\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\"\"\"\"\011\"\"\"\"\"\"\015\012\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\011\" \"\015\012", '\t', {
    {"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "|a"},
    {"", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxZ\303\274rich|"},
    {"Z\303\274rich", "\011b7a\"\",a"},
    {"a", " \011 ';xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
    {"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\"", "\"\""},
    {"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", " "}}},
  {"\357\273\277\"c0\",\"c1\"\015\012\"\011\",\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\011\"\015\012\"\012\",\"\011 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"", ',', {
    {"\011", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\011"},
    {"\012", "\011 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}}},
  {"\"c0\"|\"c1\"|\"c2\"|\"c3\"\015\012\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxZ\303\274rich\"|\"\345\220\215\"\"\"\"a\"|\"Z\303\274rich|a\"\";\011\"|\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxab7\"\015\012\"\"\"\"\"\"|\"\015\012Z\303\274rich\012\"|\"0.5\"|\"\"\015\012\" \015\012\015\012\015\012;a\"|\"Z\303\274rich\345\220\215\"|\",\"|\"\011\"\015\012\"|\015\012\"|\"b7\"|\" \"|\"\"\015\012", '|', {
    {"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxZ\303\274rich", "\345\220\215\"\"a", "Z\303\274rich|a\";\011", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxab7"},
    {"\"\"", "\015\012Z\303\274rich\012", "0.5", ""},
    {" \015\012\015\012\015\012;a", "Z\303\274rich\345\220\215", ",", "\011"},
    {"|\015\012", "b7", " ", ""}}},
  {"c0,c1,c2\015\012\"a \012\012 a\",',\"0.5,\015\012\"\015\012\011\011,Z\303\274rich\345\220\215;, \015\012\",\345\220\215\",\"\012\", \015\012", ',', {
    {"a \012\012 a", "'", "0.5,\015\012"},
    {"\011\011", "Z\303\274rich\345\220\215;", " "},
    {",\345\220\215", "\012", " "}}},
  {"\"c0\",\"c1\"\015\012\"\012\",\"\"\"\"\"\011\"\015\012\"\"\" \",\";\"\015\012\"\",\"Z\303\274rich\"\"|\"\015\012\",\",\"|Z\303\274rich ;;xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\015\012\"\011\",\"\"\015\012", ',', {
    {"\012", "\"\"\011"},
    {"\" ", ";"},
    {"", "Z\303\274rich\"|"},
    {",", "|Z\303\274rich ;;xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
    {"\011", ""}}},
  {"\"c0\"|\"c1\"\015\012\"\011\"|\"'\"\"0.5\"\015\012\"\345\220\215 \"|\"\"\"\"\"\"\015\012\"\011\"|\"\"\015\012\"0.5\"|\"0.5Z\303\274rich\"\015\012\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"|\"\"\"\"\"\"\015\012\"\011\"\"\"\"\011'\345\220\215xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"|\",\"\015\012", '|', {
    {"\011", "'\"0.5"},
    {"\345\220\215 ", "\"\""},
    {"\011", ""},
    {"0.5", "0.5Z\303\274rich"},
    {"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "\"\""},
    {"\011\"\"\011'\345\220\215xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", ","}}},
  {"c0\011c1\015\012\" \011\"\011\" Z\303\274rich\"\"\"\015\012b7xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx;\011\"Z\303\274rich\"\"\"\"\"\015\0120.50.5'\011\"b7\"\"\"\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\345\220\215\011\"", '\t', {
    {" \011", " Z\303\274rich\""},
    {"b7xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx;", "Z\303\274rich\"\""},
    {"0.50.5'", "b7\"\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\345\220\215\011"}}},
  {"c0;c1;c2;c3;c4\012,;\"\"\"b70.5\";;a\011a;\"\012\"\012\011;\"\015\012Z\303\274rich\012\";;;\"\"\"\"\",\"\012\"Z\303\274rich0.5'b7a\"\"\"\"\";0.5Z\303\274rich;0.5;\"\011|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx0.5\"\"\"\" \";\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxb7\012\"\012\"\"\"\"\"\";,;a;;\012", ';', {
    {",", "\"b70.5", "", "a\011a", "\012"},
    {"\011", "\015\012Z\303\274rich\012", "", "", "\"\","},
    {"Z\303\274rich0.5'b7a\"\"", "0.5Z\303\274rich", "0.5", "\011|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx0.5\"\" ", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxb7\012"},
    {"\"\"", ",", "a", "", ""}}},
  {"\"c0\"|\"c1\"|\"c2\"|\"c3\"\015\012\" |b7\"|\"\"|\"\"|\"\345\220\215\"\" \"\015\012\"\012\"|\" \"|\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"|\"\011\"\015\012\"\"\"\"\"Z\303\274rich\"|\"\"|\"a\"|\" \012\011\"\015\012\"a\"|\"a\"|\"a|\"|\"\345\220\215\"\015\012\"\011b7\"|\"\"|\"\"|\"\"\015\012\"\"|\"\011';\"|\";Z\303\274rich\"|\"'Z\303\274richa\015\012a;\"\015\012", '|', {
    {" |b7", "", "", "\345\220\215\" "},
    {"\012", " ", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "\011"},
    {"\"\"Z\303\274rich", "", "a", " \012\011"},
    {"a", "a", "a|", "\345\220\215"},
    {"\011b7", "", "", ""},
    {"", "\011';", ";Z\303\274rich", "'Z\303\274richa\015\012a;"}}},
  {"\"c0\",\"c1\"\012\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx|\",\"aaxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\012\"b7,0.5\",\"\012\"\012\"Z\303\274rich\",\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxZ\303\274rich,;0.50.5\"\012\"b7b7\",\"0.5Z\303\274rich\"\"\"\"\"\"\"\",\"", ',', {
    {"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx|", "aaxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
    {"b7,0.5", "\012"},
    {"Z\303\274rich", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxZ\303\274rich,;0.50.5"},
    {"b7b7", "0.5Z\303\274rich\"\"\"\","}}},
  {"\"c0\";\"c1\";\"c2\";\"c3\";\"c4\"\015\012\"0.5\";\"a\011\";\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\012\"\"\"\"\";\" \";\"\"\"b7,\"\015\012\"\"\"\";\"b7axxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\";\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\";\"0.5;\";\"b7\"\015\012\",\011\";\"\011\";\"\012\";\"'Z\303\274rich\";\"\"\"\"\"\"\015\012\"\345\220\215\";\"| \";\"\015\012Z\303\274rich\";\"\";\"\345\220\215\"\015\012\"b7\";\";a\";\"\";\"0.5b7,\";\"\"\015\012\"a Z\303\274rich,\015\012a\";\"|\"\"\"\";\";\";|\"\"\"\",'b7\";\"a\";\",0.5|\"\015\012", ';', {
    {"0.5", "a\011", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\012\"\"", " ", "\"b7,"},
    {"\"", "b7axxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "0.5;", "b7"},
    {",\011", "\011", "\012", "'Z\303\274rich", "\"\""},
    {"\345\220\215", "| ", "\015\012Z\303\274rich", "", "\345\220\215"},
    {"b7", ";a", "", "0.5b7,", ""},
    {"a Z\303\274rich,\015\012a", "|\"\";", ";|\"\",'b7", "a", ",0.5|"}}},
  {"\"c0\",\"c1\",\"c2\",\"c3\",\"c4\"\012\";\",\"Z\303\274rich\",\" b7 ,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxa\",\"Z\303\274rich\",\",\"\012\"\",\", \",\"\015\012xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx0.5;\"\"\"\"b7\",\"\015\012\",\"\"\012\"0.5'\",\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx,\",\",|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\",\"a\"\"\"\"a\",\"b7|\"\"\"\012\"'|b7, ;\",\"\345\220\215\",\"\011xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx|Z\303\274rich,0.5\",\",\011a\",\"\"\"\"\"\015\012xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\"\"\"Z\303\274rich0.5\"\012", ',', {
    {";", "Z\303\274rich", " b7 ,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxa", "Z\303\274rich", ","},
    {"", ", ", "\015\012xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx0.5;\"\"b7", "\015\012", ""},
    {"0.5'", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx,", ",|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "a\"\"a", "b7|\""},
    {"'|b7, ;", "\345\220\215", "\011xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx|Z\303\274rich,0.5", ",\011a", "\"\"\015\012xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\"Z\303\274rich0.5"}}},
  {"\357\273\277c0|c1\012\"\015\012\"|b70.5\012Z\303\274rich|\"|Z\303\274rich\"\012|\"\012 \"\"\"\"\"\012|\012 |", '|', {
    {"\015\012", "b70.5"},
    {"Z\303\274rich", "|Z\303\274rich"},
    {"", "\012 \"\""},
    {"", ""},
    {" ", ""}}},
  {"\"c0\"|\"c1\"|\"c2\"|\"c3\"\015\012\"\"\" \"|\"\"|\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"|\"\0120.5\345\220\215\"\015\012\"b7\"|\"|\"|\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxa\"|\"0.5\"\"Z\303\274rich0.5 \"\"\"\"\"\015\012", '|', {
    {"\" ", "", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "\0120.5\345\220\215"},
    {"b7", "|", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxa", "0.5\"Z\303\274rich0.5 \"\""}}},
  {"\"c0\"|\"c1\"|\"c2\"\012\"\"|\" \011\012;Z\303\274rich,\"|\"\345\220\215b7\"\012\"aa\345\220\215\"|\"\012,\015\012\"|\"\"\012\"\345\220\215|\"\"\"\"0.5xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\015\012\"|\"\"|\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\"'\"\012", '|', {
    {"", " \011\012;Z\303\274rich,", "\345\220\215b7"},
    {"aa\345\220\215", "\012,\015\012", ""},
    {"\345\220\215|\"\"0.5xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\015\012", "", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"'"}}},
  {"\357\273\277\"c0\";\"c1\";\"c2\";\"c3\"\015\012\"\"\"'\012\";\";\";\",\";\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\015\012\"\";\"\345\220\215\";\"|\";\"\"\"\"\"\012\"\015\012\"\011,|\0110.5Z\303\274rich\";\";\";\"\";\"\"\"\"\"\"\015\012", ';', {
    {"\"'\012", ";", ",", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
    {"", "\345\220\215", "|", "\"\"\012"},
    {"\011,|\0110.5Z\303\274rich", ";", "", "\"\""}}},
  {"c0\011c1\011c2\011c3\011c4\015\012\011\011\"\011; \"\011\011\"\"\"|b7\"\015\012", '\t', {
    {"", "", "\011; ", "", "\"|b7"}}},
  {"\"c0\",\"c1\",\"c2\",\"c3\",\"c4\"\015\012\"b7 b7 \"\"a\",\";xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\",\"b7\",\"b7\",\"\"\015\012", ',', {
    {"b7 b7 \"a", ";xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "b7", "b7", ""}}},
  {"\357\273\277\"c0\",\"c1\",\"c2\",\"c3\",\"c4\"\015\012\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\",\"\",\"b7\",\"\015\012a\",\"b7\015\012\012\015\012\"\" \"\015\012", ',', {
    {"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "", "b7", "\015\012a", "b7\015\012\012\015\012\" "}}},
  {"c0\011c1\011c2\011c3\015\012\"0.5;\011,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\011;\011\011;\015\012\"0.5\011\011,Z\303\274rich;\"\011\011Z\303\274rich\011\"\"\"\"\015\0120.5;'\011\011\011\"\012\345\220\215,Z\303\274rich \345\220\215\"\015\012\"\011\012Z\303\274rich;\015\012\"\"\"\"\"\011'|\011\"\011\015\012a\012\345\220\215\"\"\"\011\"\012a0.50.5\345\220\2150.5\"\015\012", '\t', {
    {"0.5;\011,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", ";", "", ";"},
    {"0.5\011\011,Z\303\274rich;", "", "Z\303\274rich", "\""},
    {"0.5;'", "", "", "\012\345\220\215,Z\303\274rich \345\220\215"},
    {"\011\012Z\303\274rich;\015\012\"\"", "'|", "\011\015\012a\012\345\220\215\"", "\012a0.50.5\345\220\2150.5"}}},
  {"\"c0\"\011\"c1\"\015\012\"|aZ\303\274rich\345\220\215\012 \"\011\"0.5\"\" \"\015\012", '\t', {
    {"|aZ\303\274rich\345\220\215\012 ", "0.5\" "}}},
  {"\"c0\",\"c1\",\"c2\",\"c3\"\012\"\011\",\" \",\"\345\220\215\",\"|\"\"Z\303\274rich\345\220\215''\"\012\",'ab7;\015\012\",\"\012b7Z\303\274rich\",\"\"\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\",\";\011\"\012\"\"\"\"\"\",\"b7a\"\"\"\"|Z\303\274richb7\",\"| \",\"\"\012", ',', {
    {"\011", " ", "\345\220\215", "|\"Z\303\274rich\345\220\215''"},
    {",'ab7;\015\012", "\012b7Z\303\274rich", "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", ";\011"},
    {"\"\"", "b7a\"\"|Z\303\274richb7", "| ", ""}}},
  {"\"c0\"|\"c1\"\015\012\"0.5\"|\"Z\303\274rich\011\"", '|', {
    {"0.5", "Z\303\274rich\011"}}},
  {"\357\273\277c0;c1;c2;c3\015\012\"\012\011\015\012;'0.5\";\"\012b7|\";;\015\012\"\015\012|\";\"\012\";\"\011;\";\"0.5\015\012\"\015\012\"\"\"\"\"b7b7\";\"b7;\";\"b7\"\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\";, a\015\012xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxa;\"\012\";\"\"\"\"\"\"\"b7\";\";0.5;\"\015\012\"a\015\012xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx0.5 '\";\"\"\"\";;\"\012\"\015\012\"\011\0120.5\";\011\345\220\215,;\345\220\215';Z\303\274rich", ';', {
    {"\012\011\015\012;'0.5", "\012b7|", "", ""},
    {"\015\012|", "\012", "\011;", "0.5\015\012"},
    {"\"\"b7b7", "b7;", "b7\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", ", a"},
    {"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxa", "\012", "\"\"\"b7", ";0.5;"},
    {"a\015\012xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx0.5 '", "\"", "", "\012"},
    {"\011\0120.5", "\011\345\220\215,", "\345\220\215'", "Z\303\274rich"}}},
  {"\"c0\";\"c1\";\"c2\";\"c3\";\"c4\"\012\"\012b7xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\"\"\"\015\012\"\"\";\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx;\";\";\";\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\";\",\011\"\"\"\"\"\"\"\"\015\012\345\220\215\"\012\"\345\220\215''b7\"\"0.5\";\"\";\"\";\",\";\"\015\012\"\012\",\"\"\"\",\015\012Z\303\274rich\";\"\"\"\"\"\011a\";\",xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\011\345\220\215 |\";\"\"\"' b7a|\";\"\345\220\215\012\"\"\345\220\215Z\303\274rich'\"\012\"\012axxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxZ\303\274rich;xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\";\"\"\"\"\"\";\"\011\";\"\";\"\"\012\"\"\"\";\"\011\";\"','|' \";\"\011\";\"\"\012\"Z\303\274rich\012b7Z\303\274richxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\015\012\";\"\011Z\303\274rich\";\"\";\"\345\220\215;\015\012\";\" \"\"\"\"\"", ';', {
    {"\012b7xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\"\015\012\"", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx;", ";", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", ",\011\"\"\"\"\015\012\345\220\215"},
    {"\345\220\215''b7\"0.5", "", "", ",", "\015\012"},
    {",\"\",\015\012Z\303\274rich", "\"\"\011a", ",xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\011\345\220\215 |", "\"' b7a|", "\345\220\215\012\"\345\220\215Z\303\274rich'"},
    {"\012axxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxZ\303\274rich;xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "\"\"", "\011", "", ""},
    {"\"", "\011", "','|' ", "\011", ""},
    {"Z\303\274rich\012b7Z\303\274richxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\015\012", "\011Z\303\274rich", "", "\345\220\215;\015\012", " \"\""}}},
  {"\"c0\";\"c1\";\"c2\";\"c3\"\015\012\"\015\012\015\012b7\345\220\215xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\015\012\";\"\";\"\";\"b7,,\"\015\012\"\015\012\";\"b7\";\"a,\";\"\345\220\215|\"\"\"\"\"\015\012\"a\";\",\";\"\011\";\"b7\"\015\012\"\012\345\220\215\";\"\012\"\"\"\"\";\"\015\012;\015\012\";\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\015\012\"\"\"\";\";\"\"' Z\303\274rich,\";\" ;\012\012\012a\";\"\"\"\015\0120.5\"\015\012\" Z\303\274rich \011'\015\012\";\"|\";\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxb7\"\"\012\012|\";\"\"\"\"\"\"\015\012", ';', {
    {"\015\012\015\012b7\345\220\215xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\015\012", "", "", "b7,,"},
    {"\015\012", "b7", "a,", "\345\220\215|\"\""},
    {"a", ",", "\011", "b7"},
    {"\012\345\220\215", "\012\"\"", "\015\012;\015\012", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
    {"\"", ";\"' Z\303\274rich,", " ;\012\012\012a", "\"\015\0120.5"},
    {" Z\303\274rich \011'\015\012", "|", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxb7\"\012\012|", "\"\""}}},
  {"\357\273\277\"c0\"|\"c1\"|\"c2\"\012\"\"|\",\015\012xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"|\"\"\012\"\"|\"\015\012;\"|\" \011'\"\012\"\"|\"\"\"\015\012\"|\"0.5,\"", '|', {
    {"", ",\015\012xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", ""},
    {"", "\015\012;", " \011'"},
    {"", "\"\015\012", "0.5,"}}},
  {"\"c0\";\"c1\"\015\012\"\"\"\"\"\011 \";\"\"\015\012\"\";\"a\"\015\012\"\011\";\"\"\015\012\"\345\220\215\"\"\"\";\";\"\"\"\345\220\2150.5\"\"\012a\"\015\012\"a\";\"a;b7\"", ';', {
    {"\"\"\011 ", ""},
    {"", "a"},
    {"\011", ""},
    {"\345\220\215\"\";", "\"\345\220\2150.5\"\012a"},
    {"a", "a;b7"}}},
  {"c0\011c1\012\345\220\215\011,'\345\220\215\012\011Z\303\274richb7\012\"\"\"\"\"\"\011\"\"\"\"\"\"\012\011\"\015\012xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\345\220\215\"\012\"\"\"\"\"\"\011\345\220\215'", '\t', {
    {"\345\220\215", ",'\345\220\215"},
    {"", "Z\303\274richb7"},
    {"\"\"", "\"\""},
    {"", "\015\012xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\345\220\215"},
    {"\"\"", "\345\220\215'"}}},
  {"\"c0\";\"c1\";\"c2\";\"c3\";\"c4\"\012\";\";\",\015\012|\";\",b7\";\"\012\"\"b7|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxa\";\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\012\"0.5a|\";\";0.5\";\"|\";\"\011;\";\"\"\"\"\"\011\"\012\"\";\"\";\"\"\"\345\220\2150.50.5; \";\"a|a\";\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxZ\303\274rich\011\012'|\"\012", ';', {
    {";", ",\015\012|", ",b7", "\012\"b7|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxa", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
    {"0.5a|", ";0.5", "|", "\011;", "\"\"\011"},
    {"", "", "\"\345\220\2150.50.5; ", "a|a", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxZ\303\274rich\011\012'|"}}},
  {"c0|c1|c2\012'0.5'\011Z\303\274rich\011|\"\"\"\"\"a,\"\"\"\"\345\220\215\"|\012\011\345\220\215Z\303\274rich||a\012Z\303\274rich  |\"\"\"\"\"0.5\015\012\"|,\345\220\215\012\"0.5\"\"\"||a0.5',0.5\345\220\215\012\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\"\"| |\"\"\"\"\"0.5\"\012b7;\345\220\215,,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx|\"\345\220\215|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\012", '|', {
    {"'0.5'\011Z\303\274rich\011", "\"\"a,\"\"\345\220\215", ""},
    {"\011\345\220\215Z\303\274rich", "", "a"},
    {"Z\303\274rich  ", "\"\"0.5\015\012", ",\345\220\215"},
    {"0.5\"", "", "a0.5',0.5\345\220\215"},
    {"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"", " ", "\"\"0.5"},
    {"b7;\345\220\215,,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "\345\220\215|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}}},
  {"\"c0\";\"c1\";\"c2\"\012\"\011\";\"\";\"\"\012\"\"\"Z\303\274rich\011\";\";\";\"\"\012\"\";\"Z\303\274rich;,\"\"'a\";\"\015\0120.5, Z\303\274richa\"\012\"\"\"' \";\";\";\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\012\"\";\"Z\303\274rich\012 \012\011\011\";\";\"\012", ';', {
    {"\011", "", ""},
    {"\"Z\303\274rich\011", ";", ""},
    {"", "Z\303\274rich;,\"'a", "\015\0120.5, Z\303\274richa"},
    {"\"' ", ";", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
    {"", "Z\303\274rich\012 \012\011\011", ";"}}},
  {"c0;c1;c2;c3;c4\015\012\"|b7Z\303\274rich\015\012\012;\";\"|\"\"\"\"\"\" b7 \";\011;\"\"\"\";\011\011\015\012\"\"\"\"\"Z\303\274rich\";\"\015\012\";;\"b7  \011\"\"0.5\";|\015\012;\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\015\0120.50.5\";;\"'\"\"\"\"0.5|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'\";\015\012';\"\015\012\";\";\015\012b7\";\";\";\"Z\303\274rich\012\345\220\215;xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'\"\015\012\"\"\"\";\345\220\215b7;\"\015\012\";aZ\303\274rich;\015\012;'Z\303\274rich|;,;\"a\012\";\015\012", ';', {
    {"|b7Z\303\274rich\015\012\012;", "|\"\"\" b7 ", "\011", "\"", "\011\011"},
    {"\"\"Z\303\274rich", "\015\012", "", "b7  \011\"0.5", "|"},
    {"", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\015\0120.50.5", "", "'\"\"0.5|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'", ""},
    {"'", "\015\012", ";\015\012b7", ";", "Z\303\274rich\012\345\220\215;xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'"},
    {"\"", "\345\220\215b7", "\015\012", "aZ\303\274rich", ""},
    {"", "'Z\303\274rich|", ",", "a\012", ""}}},
  {"\"c0\"|\"c1\"|\"c2\"\015\012\"'\"|\";\"|\"\"\015\012\"\012|'\"|\"\"\"0.5Z\303\274rich\345\220\215a,\"|\"\"\015\012\"a\"|\"\011aZ\303\274rich\"|\"\"\"|\"\"\"\015\012\"a\"\"\"\"\"|\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"|\"\"\"\"\"a0.5 '\"\015\012\"|\"|\"\"|\"a'\"\015\012\"\012\"|\" \"|\"|\"\015\012", '|', {
    {"'", ";", ""},
    {"\012|'", "\"0.5Z\303\274rich\345\220\215a,", ""},
    {"a", "\011aZ\303\274rich", "\"|\""},
    {"a\"\"", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "\"\"a0.5 '"},
    {"|", "", "a'"},
    {"\012", " ", "|"}}},
  {"c0,c1,c2\012\345\220\215|,,\345\220\215;\012\"|\345\220\215Z\303\274rich,;a\",\"\011\"\"0.5\",\012Z\303\274rich,;,\"\011a\345\220\215\"\"\"\"\"\"\011\"", ',', {
    {"\345\220\215|", "", "\345\220\215;"},
    {"|\345\220\215Z\303\274rich,;a", "\011\"0.5", ""},
    {"Z\303\274rich", ";", "\011a\345\220\215\"\"\"\011"}}},
  {"\357\273\277c0,c1\015\012\"\"\"\"\"\",\015\012b7,b7b7\015\012;, a\015\012", ',', {
    {"\"\"", ""},
    {"b7", "b7b7"},
    {";", " a"}}},
  {"\"c0\"\011\"c1\"\011\"c2\"\012\"\"\"\"\"\"\011\" \"\"\"\"0.5b7\012\011\"\011\"b7| \012 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\012\"a\"\011\"b7\"\011\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'\011\345\220\2150.5\"\012\"\345\220\215,b7,\011b7\"\011\"\"\011\"\"\"\"\012\"b7\"\011\";\"\"\"\"\"\"\"\";Z\303\274rich\345\220\215\"\011\",\"\012", '\t', {
    {"\"\"", " \"\"0.5b7\012\011", "b7| \012 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
    {"a", "b7", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'\011\345\220\2150.5"},
    {"\345\220\215,b7,\011b7", "", "\""},
    {"b7", ";\"\"\"\";Z\303\274rich\345\220\215", ","}}},
  {"c0\011c1\011c2\011c3\015\012\";\011axxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxb7\011\"\011,\011\"\"\"\"\"\"\"\"\"\"\"\"\011\015\012\",\"\"\"\"\"\011\"\015\012xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\" \015\012\"\"\"\011\011\"\011\015\012\"\015\012\"\011\"\011\"\"\"\"\0110.5;\011\345\220\215\015\012\"\015\012\"\011\"\015\012\"\011,\011\"\"\"b7xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'\"", '\t', {
    {";\011axxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxb7\011", ",", "\"\"\"\"\"", ""},
    {",\"\"", "\015\012xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\" \015\012\"", "", "\011\015\012"},
    {"\011", "\"", "0.5;", "\345\220\215"},
    {"\015\012", "\015\012", ",", "\"b7xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'"}}},
  {"\357\273\277c0\011c1\011c2\011c3\012xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\011\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\345\220\215\012\"\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxa\"\011\"0.5\012\"\"\"\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\"\"\"|\"\011\"\"\"\"\"'\"\012", '\t', {
    {"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\345\220\215\012\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxa", "0.5\012\"\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\"|", "\"\"'"}}},
  {"\"c0\"\011\"c1\"\011\"c2\"\011\"c3\"\011\"c4\"\012\"0.5\"\011\"\345\220\215\"\011\"| \"\011\"a; \"\011\"a\"\012\"\"\011\"b7b7\015\0120.5|;\"\011\"\"\"|''|;\"\011\"0.5\011\"\011\" \"\012\"a \"\011\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\011\" b7\"\011\";xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\012\"\011\"b7aaa|\"\"\"\012", '\t', {
    {"0.5", "\345\220\215", "| ", "a; ", "a"},
    {"", "b7b7\015\0120.5|;", "\"|''|;", "0.5\011", " "},
    {"a ", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", " b7", ";xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\012", "b7aaa|\""}}},
  {"\"c0\";\"c1\";\"c2\";\"c3\"\015\012\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\";\";|\345\220\2150.5\011a\";\" \";\"Z\303\274rich\"\015\012\"a\"\"\"\"\";\"b7\";\"a;\345\220\215 Z\303\274rich\345\220\215\";\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\012b7b7\012;\"\015\012\"\";\"\345\220\215\"\"\"\"Z\303\274rich\";\",0.50.5\";\"\"\015\012", ';', {
    {"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", ";|\345\220\2150.5\011a", " ", "Z\303\274rich"},
    {"a\"\"", "b7", "a;\345\220\215 Z\303\274rich\345\220\215", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\012b7b7\012;"},
    {"", "\345\220\215\"\"Z\303\274rich", ",0.50.5", ""}}},
  {"c0;c1;c2\015\012;\"\012|\015\012\";\"b7\"\"\"\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxa|'\"\015\012", ';', {
    {"", "\012|\015\012", "b7\"\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxa|'"}}},
  {"c0|c1\015\012;|Z\303\274rich\015\012\"\012\"|a\015\012a| a' ;0.5\015\012a|,a\015\012", '|', {
    {";", "Z\303\274rich"},
    {"\012", "a"},
    {"a", " a' ;0.5"},
    {"a", ",a"}}},
  {"\357\273\277c0,c1,c2\015\012\";\015\012\",\"\015\012\",\"0.5a|0.5\012Z\303\274rich\"\015\012,0.5,0.50.5Z\303\274rich\015\012", ',', {
    {";\015\012", "\015\012", "0.5a|0.5\012Z\303\274rich"},
    {"", "0.5", "0.50.5Z\303\274rich"}}},
  {"c0;c1;c2;c3;c4\012a;;\"a\012;\";0.5;'|\011\012\"\"\"\"\"\"\"a\";\"\"\"\015\012\345\220\215\";; ;\"\"\"\"\"a\"", ';', {
    {"a", "", "a\012;", "0.5", "'|\011"},
    {"\"\"\"a", "\"\015\012\345\220\215", "", " ", "\"\"a"}}},
  {"\"c0\"\011\"c1\"\012\"a\"\011\"\"\012", '\t', {
    {"a", ""}}},
  {"\"c0\";\"c1\"\012\"|,\";\"0.5;xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx;| \"\012\"\";\";Z\303\274richb7\345\220\215 |\"\012\"\";\"b7\"\012\"\";\"\"\012", ';', {
    {"|,", "0.5;xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx;| "},
    {"", ";Z\303\274richb7\345\220\215 |"},
    {"", "b7"},
    {"", ""}}},
  {"\"c0\"|\"c1\"|\"c2\"|\"c3\"\015\012\"\"|\"\"\"\"\"\"|\"\011\345\220\215 \"|\"|'\"\015\012", '|', {
    {"", "\"\"", "\011\345\220\215 ", "|'"}}},
  {"\"c0\"\011\"c1\"\015\012\"\015\012'\"\011\"'\011\345\220\215\"\015\012\"Z\303\274rich\011\345\220\215\345\220\215\015\012,\"\011\"\012\"\015\012", '\t', {
    {"\015\012'", "'\011\345\220\215"},
    {"Z\303\274rich\011\345\220\215\345\220\215\015\012,", "\012"}}},
  {"\"c0\",\"c1\",\"c2\",\"c3\",\"c4\"\015\012\"\011\",\",\011\",\"\011\",\"\012\"\"|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx;b7\",\"|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxZ\303\274rich\345\220\215b7'\"\015\012\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\"\"\"\",\"b7,\",\"\015\012a|\",\"\",\"\"\"\"\015\012\" \",\" \",\"b7\",\"a\345\220\215\",\"\"\015\012\"a,|\",\"\015\012\",\",\015\012\",\"\",\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx|\"\015\012\"0.5\",\"Z\303\274rich  \",\"\"\"\"\"|,\",\"\011|\",\"a\"\015\012", ',', {
    {"\011", ",\011", "\011", "\012\"|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx;b7", "|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxZ\303\274rich\345\220\215b7'"},
    {"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\"", "b7,", "\015\012a|", "", "\""},
    {" ", " ", "b7", "a\345\220\215", ""},
    {"a,|", "\015\012", ",\015\012", "", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx|"},
    {"0.5", "Z\303\274rich  ", "\"\"|,", "\011|", "a"}}},
  {"c0\011c1\011c2\011c3\012\011|\011,\011b7\0120.5|'\011\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\"\"\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\"\"\"Z\303\274rich\012\"\011\011 \012\"\015\012\"\011\011\345\220\215b7\011\012\"\015\0120.5\"\011b7\011,;;\011|a\012\011\011\011'\012\011\"\015\012\345\220\215\"\011\"\015\012\011\"\0110.5\012", '\t', {
    {"", "|", ",", "b7"},
    {"0.5|'", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\"Z\303\274rich\012", "", " "},
    {"\015\012", "", "\345\220\215b7", ""},
    {"\015\0120.5", "b7", ",;;", "|a"},
    {"", "", "", "'"},
    {"", "\015\012\345\220\215", "\015\012\011", "0.5"}}},
  {"c0|c1\012\"\015\012,\"\"\"|\"\"\"\"\"\"\012", '|', {
    {"\015\012,\"", "\"\""}}},
  {"\357\273\277c0;c1\015\012\"\015\012\012|\";\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxZ\303\274richxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\"\"\"''\"\015\012", ';', {
    {"\015\012\012|", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxZ\303\274richxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\"''"}}},
  {"\"c0\";\"c1\"\015\012\"\";\"\"\015\012\"\"\"\011\";\",\015\012\"\"b7\345\220\215,\"\015\012", ';', {
    {"", ""},
    {"\"\011", ",\015\012\"b7\345\220\215,"}}},
  {"\357\273\277\"c0\"|\"c1\"|\"c2\"|\"c3\"|\"c4\"\012\"\015\012a,\345\220\215\345\220\215\"\"\"\"\"|\"\"\"b7\"|\"\"|\"b7b7a\015\012xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxZ\303\274rich\"|\"'\"\012\"\"|\"0.5\"\"\"\"\"\"\"\"\"|\",;\"\"\"\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\"\"\"b7\"|\"\"|\"Z\303\274richa\012 Z\303\274rich \"\012\"a\"\"\"\"\"|\"a\"|\"\"\"\"|\"aZ\303\274rich|\"|\"\"\012\";\011\"\"\"\"|\"\"Z\303\274rich\"|\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx,;\"|\",\"|\"\"|\"Z\303\274rich\345\220\215\"\012\"\015\012\015\012,\"|\"\011,\"|\"\"|\"'\"\"\"|\"'0.5\"", '|', {
    {"\015\012a,\345\220\215\345\220\215\"\"", "\"b7", "", "b7b7a\015\012xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxZ\303\274rich", "'"},
    {"", "0.5\"\"\"\"", ",;\"\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\"b7", "", "Z\303\274richa\012 Z\303\274rich "},
    {"a\"\"", "a", "\"", "aZ\303\274rich|", ""},
    {";\011\"\"|\"Z\303\274rich", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx,;", ",", "", "Z\303\274rich\345\220\215"},
    {"\015\012\015\012,", "\011,", "", "'\"", "'0.5"}}},
  {"c0\011c1\011c2\011c3\011c4\015\012\011\"\015\012\011 \"\011\"\"\"\"\011;\011;\015\012\"\012\"\011 \011a\011\"\011;\"\011\"a|,\345\220\215\015\012,\"\015\012b7b7b7b7|Z\303\274rich\011|0.5\011\011\345\220\215\011\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\012\"\015\012\345\220\215\011\011\011\"\015\0120.5\"\011\015\012\345\220\215Z\303\274rich\011 \011\"0.5\0110.5\"\"\"\"\012'\"\011',\011a\015\012\345\220\215\011\"\"\"\"\"'\"\011 \011xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\011\"\015\012\012\"\015\012", '\t', {
    {"", "\015\012\011 ", "\"", ";", ";"},
    {"\012", " ", "a", "\011;", "a|,\345\220\215\015\012,"},
    {"b7b7b7b7|Z\303\274rich", "|0.5", "", "\345\220\215", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\012"},
    {"\345\220\215", "", "", "\015\0120.5", ""},
    {"\345\220\215Z\303\274rich", " ", "0.5\0110.5\"\"\012'", "',", "a"},
    {"\345\220\215", "\"\"'", " ", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "\015\012\012"}}},
  {"\"c0\"\011\"c1\"\015\012\"|\"\011\"\"\"\"\015\012\"Z\303\274richb7\"\011\"Z\303\274richaa|\345\220\215,\"\015\012\"\"\"\"\011\"\015\012\"\"\"\"\"\015\012", '\t', {
    {"|", "\""},
    {"Z\303\274richb7", "Z\303\274richaa|\345\220\215,"},
    {"\"", "\015\012\"\""}}},
  {"\"c0\"\011\"c1\"\011\"c2\"\011\"c3\"\011\"c4\"\015\012\"',\"\011\"'\345\220\215\015\012  \012\"\011\"b7\011\"\011\"\015\012\011\"\011\"\"\015\012\"\345\220\215\"\011\"\012\011\"\011\"ab7a\"\011\"\345\220\215\"\011\"'\012\012\"\015\012\";\"\011\"\012\"\011\"\"\011\"\345\220\215\"\"\"\011\";\"\015\012\"\"\" ;xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxZ\303\274richZ\303\274rich\"\011\";Z\303\274rich\015\012;\345\220\215\"\"\"\"\"\011\"'\012b7\"\011\"|\"\011\"|0.5\"\015\012\"'\"\011\",\"\011\"Z\303\274rich '\"\011\"0.5xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\011\"Z\303\274rich \015\012\345\220\215a'\"", '\t', {
    {"',", "'\345\220\215\015\012  \012", "b7\011", "\015\012\011", ""},
    {"\345\220\215", "\012\011", "ab7a", "\345\220\215", "'\012\012"},
    {";", "\012", "", "\345\220\215\"", ";"},
    {"\" ;xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxZ\303\274richZ\303\274rich", ";Z\303\274rich\015\012;\345\220\215\"\"", "'\012b7", "|", "|0.5"},
    {"'", ",", "Z\303\274rich '", "0.5xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "Z\303\274rich \015\012\345\220\215a'"}}},
};

}  // namespace vajrapulse::data
